// What a customer is worth, as the API tells it.
import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Text } from './types';

/** Where a customer is among all, 1 to 5, 5 the best. */
export interface Fifths {
  r: number;
  f: number;
  m: number;
  class: string;
  name: Text;
}

export interface TierOf {
  tier: string;
  revenue: number;
  orders: number;
  holds: string | null;
  next: string;
  missing_revenue: number;
  missing_orders: number;
  until: string | null;
}

/** What is expected within so many days; low and high hold the number in 9 cases of 10. */
export interface Ahead {
  days: number;
  purchases: number;
  low: number;
  high: number;
  spend: number;
  value: number;
}

export interface CLV {
  value: number;
  years: number;
  discount: number;
}

/** What the page of a customer shows of their worth. */
export interface Glance {
  currency: string;
  purchases: number;
  spent: number;
  rfm: Fifths | null;
  class: string;
  class_name: Text | null;
  tier: TierOf | null;
  alive: number | null;
  next_90_days: Ahead | null;
  clv: CLV | null;
  fitted_at: number;
}

export interface LifeOf {
  class: string;
  name: Text;
  due: string | null;
  history: { at: string; from: string; to: string; cause: string; event_at?: string }[];
}

export interface ModelNote {
  model: string;
  position: number;
  fitted_to: string;
  customers: number;
  identifiable: { ok: boolean; why: Text };
  holdout: { cut: string; to: string; customers: number; model: Score; naive: Score } | null;
}

/** How a forecast did on time it had not seen. */
export interface Score {
  total: number;
  error_percent: number;
  mae: number;
}

export interface Worth {
  customer: string;
  position: number;
  currency: string;
  purchases: number;
  spent: number;
  rfm: Fifths | null;
  life: LifeOf | null;
  tier: TierOf | null;
  alive: number | null;
  forecasts: Ahead[];
  clv: CLV | null;
  model: ModelNote | null;
  enough: boolean;
  why?: Text;
}

export function useWorth(id: string, asOf: string) {
  return useQuery({
    queryKey: ['worth', id, asOf],
    queryFn: ({ signal }) => get<Worth>(`/v1/customers/${encodeURIComponent(id)}/value`, { as_of: asOf }, signal),
  });
}
