import { useCallback, useEffect, useReducer, useRef } from 'react';
import { fetchTimeline, type TimelineQuery } from '../../api/queries';
import type { Channel, TimelineEvent, TimelinePage } from '../../api/types';
import { mergeLive } from './merge';
import { atHead, olderThan, pageAfter, pageBefore, withNewer, withOlder, type Page, type Window } from './window';

export type Direction = 'older' | 'newer';

export interface TimelineState {
  window: Window;
  /** What is being fetched; 'start' replaces the window. */
  loading: 'start' | Direction | null;
  error: Error | null;
  /** Live events that wait until the reader looks up. */
  fresh: TimelineEvent[];
  /** Where the first page was read at: everything after it comes live. */
  position: number;
}

type Action =
  | { do: 'load'; what: 'start' | Direction }
  | { do: 'started'; page: Page; position: number }
  | { do: 'grown'; what: Direction; page: Page }
  | { do: 'failed'; error: Error }
  | { do: 'wait'; events: TimelineEvent[] }
  | { do: 'merge'; events: TimelineEvent[] };

const nothing: TimelineState = { window: [], loading: 'start', error: null, fresh: [], position: 0 };

function reduce(state: TimelineState, action: Action): TimelineState {
  switch (action.do) {
    case 'load':
      return { ...state, loading: action.what, error: null };
    case 'started':
      return { ...nothing, loading: null, window: [action.page], position: Math.max(state.position, action.position) };
    case 'grown': {
      const grow = action.what === 'older' ? withOlder : withNewer;
      return { ...state, loading: null, window: grow(state.window, action.page) };
    }
    case 'failed':
      return { ...state, loading: null, error: action.error };
    case 'wait':
      return { ...state, fresh: unseen(state.fresh, action.events) };
    case 'merge':
      return merged(state, action.events);
  }
}

/** Live events go into the first page, which is the only one that touches now. */
function merged(state: TimelineState, events: TimelineEvent[]): TimelineState {
  const [first, ...rest] = state.window;
  if (!first?.head) return { ...state, fresh: unseen(state.fresh, events) };
  const rows = mergeLive(first.events, [...state.fresh, ...events], rest.length === 0 && first.older === '');
  return { ...state, fresh: [], window: [{ ...first, events: rows }, ...rest] };
}

/** Waiting events, each once: after a lost line the server may tell the last ones again. */
function unseen(fresh: TimelineEvent[], events: TimelineEvent[]): TimelineEvent[] {
  const known = new Set(fresh.map((event) => event.position));
  return [...fresh, ...events.filter((event) => !known.has(event.position))];
}

/** A customer's timeline as a window that can be moved, and the ways to move it. */
export function useTimeline(id: string, channels: Channel[] | null, asOf: string) {
  const [state, dispatch] = useReducer(reduce, nothing);
  const request = useRef<AbortController>(null);
  const channel = channels?.join(',') ?? '';

  const ask = useCallback(async (query: TimelineQuery, what: 'start' | Direction): Promise<TimelinePage | null> => {
    request.current?.abort();
    const mine = (request.current = new AbortController());
    dispatch({ do: 'load', what });
    try {
      return await fetchTimeline(id, { ...query, channel, as_of: asOf }, mine.signal);
    } catch (error) {
      if (!mine.signal.aborted) dispatch({ do: 'failed', error: error as Error });
      return null;
    }
  }, [id, channel, asOf]);

  /** Shows the page at a cursor in place of the window; no cursor means now. */
  const start = useCallback(async (cursor = ''): Promise<Page | null> => {
    const answer = await ask({ before: cursor }, 'start');
    if (!answer) return null;
    const page = pageBefore(cursor, answer);
    dispatch({ do: 'started', page, position: cursor === '' ? answer.position : 0 });
    return page;
  }, [ask]);

  const grow = useCallback(async (what: Direction, cursor: string): Promise<Page | null> => {
    const answer = await ask(what === 'older' ? { before: cursor } : { after: cursor }, what);
    if (!answer) return null;
    const page = what === 'older' ? pageBefore(cursor, answer) : pageAfter(answer);
    dispatch({ do: 'grown', what, page });
    return page;
  }, [ask]);

  useEffect(() => {
    void start();
    return () => request.current?.abort();
  }, [start]);

  /** Reads on at one end of the window, if there is more and nothing else is being read. */
  const more = useCallback((what: Direction) => {
    if (state.loading || state.error) return;
    const cursor = what === 'older' ? olderThan(state.window) : atHead(state.window) ? '' : (state.window[0]?.newer ?? '');
    if (cursor) void grow(what, cursor);
  }, [state, grow]);

  const take = useCallback((events: TimelineEvent[], isReading: boolean) => {
    const wanted = channels ? events.filter((event) => channels.includes(event.channel)) : events;
    if (wanted.length > 0) dispatch({ do: isReading ? 'wait' : 'merge', events: wanted });
  }, [channel]);

  const showFresh = useCallback(() => {
    if (atHead(state.window)) dispatch({ do: 'merge', events: [] });
    else void start();
  }, [state.window, start]);

  return { state, start, grow, more, take, showFresh };
}
