import { createContext, use, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import type { Customer, LiveEvent } from '../api/types';
import { Batch } from './batch';
import type { Hub, LinkStatus } from './hub';
import { everybody } from './leader';

const HubContext = createContext<Hub | null>(null);

export const LiveProvider = HubContext.Provider;

function useHub(): Hub {
  const hub = use(HubContext);
  if (!hub) throw new Error('no live hub above this component');
  return hub;
}

export function useLink(): LinkStatus {
  const hub = useHub();
  return useSyncExternalStore(hub.subscribe, hub.status);
}

/** Hears the events of everybody after a position; 0 waits until the position is known. */
export function useEverybody(position: number, take: (events: LiveEvent[]) => void): void {
  const hub = useHub();
  const taken = useEffectEvent(take);
  useEffect(() => {
    if (position === 0) return undefined;
    const batch = new Batch<LiveEvent>((events) => taken(events), 1_000);
    const stop = hub.follow({ customer: everybody, after: position }, () => true, { event: (event) => batch.add(event), reset: () => {} });
    return () => {
      stop();
      batch.close();
    };
  }, [hub, position]);
}

export interface Follower {
  /** Called with new events, at most once per pause. */
  take: (events: LiveEvent[]) => void;
  /** Called when events were missed, or the customer became another one: what is shown must be read anew. */
  reset: () => void;
}

/**
 * Follows a customer from a position on; position 0 waits for the first answer to say it. The pause between two
 * batches is a quarter of a second unless said otherwise.
 */
export function useFollow(customer: Customer | undefined, position: number, follower: Follower, pause?: number): void {
  const hub = useHub();
  const take = useEffectEvent(follower.take);
  const reset = useEffectEvent(follower.reset);
  const after = useEffectEvent(() => position);
  const owns = useEffectEvent((fragment: string) => customer?.fragments.some(({ id }) => id === fragment) ?? false);
  const id = position > 0 ? customer?.id : undefined;
  useEffect(() => {
    if (!id) return undefined;
    const batch = new Batch<LiveEvent>((events) => take(events), pause);
    const ear = { event: (event: LiveEvent) => batch.add(event), reset: () => reset() };
    const stop = hub.follow({ customer: id, after: after() }, (fragment) => owns(fragment), ear);
    return () => {
      stop();
      batch.close();
    };
  }, [hub, id, pause]);
}
