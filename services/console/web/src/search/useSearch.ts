import { useEffect, useEffectEvent, useState } from 'react';
import type { CustomerRow } from '../api/types';
import { useCustomers } from '../api/queries';
import { exactly } from './exact';

const typingPause = 120;
/** Longer than between two keystrokes: "ORD-8795" must not open while "ORD-87950" is being typed. */
const openPause = 500;
export const searchLimit = 20;

/** The text as it was a moment ago, once typing pauses. */
export function useSettled(text: string, milliseconds = typingPause): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), milliseconds);
    return () => clearTimeout(timer);
  }, [text, milliseconds]);
  return settled;
}

/** The customers for a text. One exact match is opened at once. */
export function useSearch(text: string, open: (customer: CustomerRow) => void) {
  const query = useSettled(text.trim());
  const result = useCustomers(query, searchLimit, query !== '');
  const { data, isPlaceholderData } = result;
  const exact = data && query && !isPlaceholderData ? exactly(query, data.customers, data.next) : null;
  const unchanged = text.trim() === query;
  const openIt = useEffectEvent(open);
  useEffect(() => {
    if (!exact || !unchanged) return undefined;
    const timer = setTimeout(() => openIt(exact), openPause);
    return () => clearTimeout(timer);
  }, [exact?.id, unchanged]);
  return { ...result, query, busy: !unchanged || isPlaceholderData, customers: query ? (data?.customers ?? []) : [] };
}
