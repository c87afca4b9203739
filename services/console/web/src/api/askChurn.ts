// What the API is asked about churn.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, send } from './client';
import type { ChurnBacktest, CustomerFlags, FlagCost, FlagOrder, Flags } from './churn';

export function useFlags(order: FlagOrder) {
  return useInfiniteQuery({
    queryKey: ['churn', order],
    queryFn: ({ pageParam, signal }) => get<Flags>('/v1/churn', { order, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
}

export function useChurnBacktest(name: string | undefined, cost: FlagCost) {
  return useQuery({
    queryKey: ['churn-backtest', name, cost],
    queryFn: ({ signal }) => send<ChurnBacktest>('POST', '/v1/churn/backtest', { name, cost }, {}, signal),
    enabled: name !== undefined,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });
}

export function useCustomerChurn(id: string, asOf: string, enabled = true) {
  return useQuery({
    queryKey: ['customer-churn', id, asOf],
    queryFn: ({ signal }) => get<CustomerFlags>(`/v1/customers/${encodeURIComponent(id)}/churn`, { as_of: asOf }, signal),
    enabled,
  });
}
