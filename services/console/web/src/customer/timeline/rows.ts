// Turns events into the rows of the list: day headings, years, silences and the events themselves.
import type { TimelineEvent } from '../../api/types';
import { day as oneDay, dayNumber, dayOf } from '../../format/zone';
import { keyOf } from './merge';
import { foldMessages, type Stage } from './messages';

export type Row =
  | { key: string; kind: 'day'; time: string; daysAgo: number }
  | { key: string; kind: 'year'; year: number }
  | { key: string; kind: 'gap'; days: number }
  | { key: string; kind: 'event'; event: TimelineEvent; stages: Stage[]; /** alone on its day: the date goes into the time gutter */ solo: boolean; index: number };

const shortestGap = 21;

/** The silence from which on it is worth a row: three weeks, or twice what is usual for this person. */
export function gapThreshold(usualGapDays: number | null): number {
  return Math.max(shortestGap, 2 * (usualGapDays ?? 0));
}

export interface Setting {
  now: number;
  usualGapDays: number | null;
}

export function toRows(events: TimelineEvent[], setting: Setting): Row[] {
  const today = dayNumber(dayOf(setting.now));
  const threshold = gapThreshold(setting.usualGapDays);
  const told = foldMessages(events);
  const days = told.map(({ event }) => dayNumber(dayOf(Date.parse(event.time))));
  const rows: Row[] = [];
  let year = new Date(today * oneDay).getUTCFullYear();
  told.forEach(({ event, stages }, i) => {
    const day = days[i]!;
    const previous = i > 0 ? days[i - 1]! : null;
    const starts = day !== previous;
    const solo = starts && today - day > 1 && days[i + 1] !== day;
    if (starts) {
      const silence = previous === null ? 0 : previous - day;
      if (silence >= threshold) rows.push({ key: `gap-${day}`, kind: 'gap', days: silence });
      const itsYear = new Date(day * oneDay).getUTCFullYear();
      if (itsYear !== year) rows.push({ key: `year-${itsYear}`, kind: 'year', year: (year = itsYear) });
      if (!solo) rows.push({ key: `day-${day}`, kind: 'day', time: event.time, daysAgo: today - day });
    }
    rows.push({ key: keyOf(event), kind: 'event', event, stages, solo, index: i });
  });
  return rows;
}
