import { useSyncExternalStore } from 'react';

const step = 30_000;
let now = Date.now();

function subscribe(tell: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    tell();
  }, step);
  return () => clearInterval(timer);
}

/** The time, to half a minute: enough for "12 minutes ago" and one render per step. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
