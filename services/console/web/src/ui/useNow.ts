import { createContext, use, useSyncExternalStore } from 'react';

const step = 30_000;
let now = Date.now();

function subscribe(tell: () => void): () => void {
  const timer = setInterval(() => {
    now = Date.now();
    tell();
  }, step);
  return () => clearInterval(timer);
}

/** The moment that everything below is shown as of; null for now. */
export const FixedNow = createContext<number | null>(null);

/** The time, to half a minute: enough for "12 minutes ago" and one render per step. In the past it stands still. */
export function useNow(): number {
  const fixed = use(FixedNow);
  const running = useSyncExternalStore(subscribe, () => now);
  return fixed ?? running;
}
