// What the API is asked about churn.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, send } from './client';
import type { ChurnBacktest, CustomerFlags, FlagCost, FlagOrder, Flags, PolicyBrief } from './churn';

/** Who is flagged by a policy; by the one that is meant if none is named. */
export function useFlags(order: FlagOrder, policy: string) {
  return useInfiniteQuery({
    queryKey: ['churn', order, policy],
    queryFn: ({ pageParam, signal }) => get<Flags>('/v1/churn', { order, policy, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
    placeholderData: keepPreviousData,
  });
}

export function usePolicies() {
  return useQuery({
    queryKey: ['churn-policies'],
    queryFn: async ({ signal }) => (await get<{ policies: PolicyBrief[] }>('/v1/churn/policies', {}, signal)).policies,
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
