import type { Customer, Identifier } from '../api/types';

/** A trait as text; objects and lists are left to whoever shows all attributes. */
export function traitText(customer: Customer, name: string): string {
  const value = Object.hasOwn(customer.traits, name) ? customer.traits[name]?.value : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Any value as one line of text. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

const rank = { verified: 0, asserted: 1, claimed: 2 };

/** The identifiers of a kind, best proven first; what a browser merely claims is no contact detail. */
export function contacts(customer: Customer, kind: string): Identifier[] {
  return customer.identifiers
    .filter((identifier) => identifier.kind === kind && identifier.grade !== 'claimed')
    .sort((a, b) => rank[a.grade] - rank[b.grade]);
}
