import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { fetchMonths, keys } from '../../api/queries';
import type { Channel, Month } from '../../api/types';
import { dayNumber, dayOf } from '../../format/zone';
import type { useTimeline } from './useTimeline';
import { olderThan, type Page, type Window } from './window';

/** A busy month is read page by page; past this many pages the nearest day found has to do. */
const maxPages = 10;

/** Whether the rows of a window reach from now, or from something newer, down to a day. */
function covers(window: Window, date: string): boolean {
  const first = window[0];
  const newest = first?.events[0];
  if (!first || !newest || (!first.head && dayOf(Date.parse(newest.time)) <= date)) return false;
  const oldest = window.at(-1)?.events.at(-1);
  return olderThan(window) === '' || (oldest !== undefined && dayOf(Date.parse(oldest.time)) <= date);
}

/** The newest month that begins on or before the day and holds something on these channels. */
export function monthOf(months: Month[], date: string, channels: Channel[] | null): Month | undefined {
  const fitting = months.filter((m) => m.month <= date.slice(0, 7) && (!channels || channels.includes(m.channel)));
  return fitting.sort((a, b) => b.month.localeCompare(a.month))[0];
}

/** Moves the window to a day through the month index, and tells the day once its rows are there. */
export function useJump(id: string, channels: Channel[] | null, asOf: string, timeline: ReturnType<typeof useTimeline>) {
  const queries = useQueryClient();
  const [target, setTarget] = useState<number | null>(null);
  const window = useRef<Window>([]);
  useEffect(() => {
    window.current = timeline.state.window;
  });

  const months = () => queries.fetchQuery({
    queryKey: keys.months(id, asOf),
    queryFn: ({ signal }) => fetchMonths(id, asOf, signal),
    staleTime: 60_000,
  });

  const jump = async (date: string): Promise<void> => {
    if (covers(window.current, date)) setTarget(dayNumber(date));
    else await readAnew(date);
  };

  const readAnew = async (date: string): Promise<void> => {
    const month = monthOf(await months(), date, channels);
    await readDownTo(date, await timeline.start(month?.cursor));
    setTarget(dayNumber(date));
  };

  const readDownTo = async (date: string, first: Page | null): Promise<void> => {
    let page = first;
    for (let i = 1; page?.older && i < maxPages; i++) {
      const oldest = page.events.at(-1);
      if (!oldest || dayOf(Date.parse(oldest.time)) <= date) return;
      page = await timeline.grow('older', page.older);
    }
  };

  /** Reads on below the window. Where no cursor leads there, the day of its last row is looked up anew. */
  const older = () => {
    const last = window.current.at(-1);
    const oldest = last?.events.at(-1);
    if (last?.older === null && oldest && !timeline.state.loading) void readAnew(dayOf(Date.parse(oldest.time)));
    else timeline.more('older');
  };

  return { jump, older, target, reached: () => setTarget(null) };
}
