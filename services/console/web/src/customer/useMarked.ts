import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { fetchEvent, keys } from '../api/queries';
import { dayOf } from '../format/zone';
import { useParam } from '../ui/address';

/** The event that the address leads to (?ev=position); the page goes to its day when it opens. */
export function useMarked(show: (date: string) => void): number | null {
  const queries = useQueryClient();
  const [ev] = useParam('ev');
  const marked = ev && /^\d+$/.test(ev) ? Number(ev) : null;
  const arrive = useEffectEvent(show);
  useEffect(() => {
    if (marked === null) return;
    queries
      .fetchQuery({ queryKey: keys.event(marked), queryFn: ({ signal }) => fetchEvent(marked, signal), staleTime: Infinity })
      .then((event) => arrive(dayOf(Date.parse(event.time))))
      .catch(() => {}); // a link to an event that is not there leads to the page all the same
  }, [marked]);
  return marked;
}
