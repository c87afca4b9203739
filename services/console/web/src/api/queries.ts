// What the app asks for, by subject. Keys are made here and nowhere else, so that what is cached can be found again.
import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query';
import { ApiError, get } from './client';
import type {
  Customer, CustomerPage, Identity, Month, Projections, TimelinePage, TypeCoverage, WholeEvent,
} from './types';

export const pageSize = 200;

export const keys = {
  customers: (q: string, limit: number) => ['customers', q, limit] as const,
  customer: (id: string, asOf = '') => ['customer', id, asOf] as const,
  months: (id: string, asOf = '') => ['months', id, asOf] as const,
  identity: (id: string) => ['identity', id] as const,
  event: (position: number) => ['event', position] as const,
  projections: () => ['projections'] as const,
  types: () => ['types'] as const,
};

/** A client that tries again only where trying again can help. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.offline || error.status >= 500),
      },
    },
  });
}

export const fetchCustomers = (q: string, limit: number, signal?: AbortSignal) =>
  get<CustomerPage>('/v1/customers', { q, limit }, signal);

/** A customer now, or (asOf) at the end of a day that has passed. */
export const fetchCustomer = (id: string, { wait, asOf }: { wait?: number | undefined; asOf?: string } = {}, signal?: AbortSignal) =>
  get<Customer>(`/v1/customers/${encodeURIComponent(id)}`, { wait, as_of: asOf }, signal);

export interface TimelineQuery {
  before?: string;
  after?: string;
  channel?: string;
  limit?: number;
  as_of?: string;
}

export const fetchTimeline = (id: string, query: TimelineQuery, signal?: AbortSignal) =>
  get<TimelinePage>(`/v1/customers/${encodeURIComponent(id)}/timeline`, { limit: pageSize, group: 1, ...query }, signal);

export function useCustomers(q: string, limit: number, enabled = true) {
  return useQuery({
    queryKey: keys.customers(q, limit),
    queryFn: ({ signal }) => fetchCustomers(q, limit, signal),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    enabled,
  });
}

export function useCustomer(id: string, asOf = '') {
  return useQuery({
    queryKey: keys.customer(id, asOf),
    queryFn: ({ signal }) => fetchCustomer(id, { asOf }, signal),
    placeholderData: keepPreviousData, // the page of the day before stands until that of the day asked for is there
  });
}

export const fetchMonths = async (id: string, asOf: string, signal?: AbortSignal) =>
  (await get<{ months: Month[] }>(`/v1/customers/${encodeURIComponent(id)}/timeline/months`, { as_of: asOf }, signal)).months;

export const fetchEvent = (position: number, signal?: AbortSignal) => get<WholeEvent>(`/v1/events/${position}`, {}, signal);

export function useIdentity(id: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.identity(id),
    queryFn: ({ signal }) => get<Identity>(`/v1/customers/${encodeURIComponent(id)}/identity`, {}, signal),
    enabled,
  });
}

export function useWholeEvent(position: number) {
  return useQuery({
    queryKey: keys.event(position),
    queryFn: ({ signal }) => fetchEvent(position, signal),
    staleTime: Infinity, // an event never changes
  });
}

export function useProjections() {
  return useQuery({
    queryKey: keys.projections(),
    queryFn: ({ signal }) => get<Projections>('/v1/projections', {}, signal),
    refetchInterval: 2_000,
  });
}

export function useTypes() {
  return useQuery({
    queryKey: keys.types(),
    queryFn: async ({ signal }) => (await get<{ types: TypeCoverage[] }>('/v1/types', {}, signal)).types,
  });
}
