import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 1099px)');

function subscribe(tell: () => void): () => void {
  query.addEventListener('change', tell);
  return () => query.removeEventListener('change', tell);
}

/** Whether the page is laid out for a phone: one column, tabs and a dock. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}
