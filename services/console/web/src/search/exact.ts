// Whether a result is exactly what was asked for. One exact result opens by itself: a telephone system can post
// the number of a caller, and the page is there without a key pressed.
import type { CustomerRow } from '../api/types';

/** Names are not exact: two people may share one, and one person may have several. */
const inexact = new Set(['name', 'initials']);

function digits(text: string): string {
  return text.replace(/\D/g, '').replace(/^(?:00)?82/, '0').replace(/^00/, '0');
}

function same(kind: string, value: string, query: string): boolean {
  if (kind === 'phone') {
    const asked = digits(query);
    return asked.length >= 8 && asked === digits(value);
  }
  return value.normalize('NFC').toLowerCase() === query.trim().normalize('NFC').toLowerCase();
}

/** The customer to open, if exactly one was found and it is exactly what was asked for. */
export function exactly(query: string, customers: CustomerRow[], next: string): CustomerRow | null {
  const [only, second] = customers;
  if (!only || second || next || !only.matched) return null;
  const { kind, value, proven } = only.matched;
  return proven && !inexact.has(kind) && same(kind, value, query) ? only : null;
}
