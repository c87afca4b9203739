// What the API is asked about segments.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, send } from './client';
import type { CustomerSegments, Segment, SegmentBacktest, SegmentChange, SegmentMembers, SegmentPreview, SegmentWhole } from './segments';
import type { Text } from './types';

const one = (name: string) => `/v1/segments/${encodeURIComponent(name)}`;

export function useSegments() {
  return useQuery({
    queryKey: ['segments'],
    queryFn: async ({ signal }) => (await get<{ segments: Segment[] }>('/v1/segments', {}, signal)).segments,
    refetchInterval: 10_000,
  });
}

export function useSegment(name: string) {
  return useQuery({ queryKey: ['segment', name], queryFn: ({ signal }) => get<SegmentWhole>(one(name), {}, signal), refetchInterval: 10_000 });
}

export function useMembers(name: string) {
  return useInfiniteQuery({
    queryKey: ['segment-members', name],
    queryFn: ({ pageParam, signal }) => get<SegmentMembers>(`${one(name)}/members`, { cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  });
}

export function useChanges(name: string) {
  return useInfiniteQuery({
    queryKey: ['segment-history', name],
    queryFn: ({ pageParam, signal }) => get<{ changes: SegmentChange[]; next: string; position: number }>(`${one(name)}/history`, { before: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || undefined,
  });
}

export function useBacktest(name: string, horizonDays: number) {
  return useQuery({
    queryKey: ['segment-backtest', name, horizonDays],
    queryFn: ({ signal }) => send<SegmentBacktest>('POST', '/v1/segments/backtest', { name, horizon_days: horizonDays }, {}, signal),
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });
}

/** Who a rule would take in: first by a fair sample, with exact by looking at everybody. rule is JSON text, or null to rest. */
export function usePreview(name: string, rule: string | null, exact: boolean) {
  return useQuery({
    queryKey: ['segment-preview', name, rule, exact],
    queryFn: ({ signal }) => send<SegmentPreview>('POST', '/v1/segments/preview', `{"name":${JSON.stringify(name)},"rule":${rule}}`, { exact: exact ? 1 : undefined }, signal),
    enabled: rule !== null,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function saveSegment(name: string, title: Text, rule: string): Promise<{ changed: boolean; position: number }> {
  return send('PUT', one(name), `{"title":${JSON.stringify(title)},"rule":${rule}}`);
}

export function useWhySegments(id: string, asOf: string) {
  return useQuery({
    queryKey: ['why-segments', id, asOf],
    queryFn: ({ signal }) => get<CustomerSegments>(`/v1/customers/${encodeURIComponent(id)}/segments`, { as_of: asOf }, signal),
  });
}
