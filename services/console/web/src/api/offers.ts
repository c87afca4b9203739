// What to offer next, as the API tells it, each with its reason and the events behind it.
import { useQuery } from '@tanstack/react-query';
import { get } from './client';
import type { Text } from './types';

/** fits: it follows from what the customer has; popular: it sells; again: it is due to be bought again. */
export type OfferKind = 'fits' | 'popular' | 'again';

/** One product on the page of a customer. A price of 0 was never told. */
export interface OfferBrief {
  sku: string;
  name: string;
  category: string;
  price: number;
  currency: string;
  kind: OfferKind;
  due_on?: string;
  reason: Text;
}

export interface OfferEvidence {
  position: number;
  type: string;
  time: string;
}

export interface Offer extends Omit<OfferBrief, 'due_on'> {
  place: number;
  recent: number;
  popular_place: number;
  why: { sku: string; name: string; both: number; with: number; lift: number; share: number; text: Text; evidence: OfferEvidence[] }[];
}

export interface OfferAgain {
  sku: string;
  name: string;
  category: string;
  last: string;
  due_on: string;
  days: number;
  own: boolean;
  reason: Text;
  evidence: OfferEvidence[];
}

export interface Offers {
  customer: string;
  recommendations: Offer[];
  again: OfferAgain[];
  left_out: { sku: string; name: string; rule: string; why: Text; evidence: OfferEvidence }[];
  cold: boolean;
  position: number;
}

export function useOffers(id: string, asOf: string) {
  return useQuery({
    queryKey: ['offers', id, asOf],
    queryFn: ({ signal }) => get<Offers>(`/v1/customers/${encodeURIComponent(id)}/recommendations`, { as_of: asOf }, signal),
  });
}
