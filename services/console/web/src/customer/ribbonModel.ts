import type { Ribbon } from '../api/types';
import { day, dayNumber } from '../format/zone';
import { channelsOf, lanes, type Lane } from '../ui/channel';

export interface LaneWeeks {
  lane: Lane;
  counts: number[];
  /** 0 to 1, on a scale that lets one event be seen beside a hundred. */
  shades: number[];
}

export function laneWeeks(ribbon: Ribbon): LaneWeeks[] {
  return lanes.map((lane) => {
    const weeks = channelsOf(lane).map((channel) => ribbon.channels[channel] ?? []);
    const counts = Array.from({ length: ribbon.weeks }, (_, i) => weeks.reduce((sum, w) => sum + (w[i] ?? 0), 0));
    const most = Math.max(1, ...counts);
    return { lane, counts, shades: counts.map((n) => Math.sqrt(n / most)) };
  });
}

/** The first instant of a week, as the day it names. */
export function weekStart(ribbon: Ribbon, week: number): number {
  return (dayNumber(ribbon.start) + 7 * week) * day;
}

export interface MonthMark {
  /** Place along the ribbon, 0 to 1. */
  at: number;
  time: number;
  january: boolean;
}

/** Where the months begin, in between the weeks. */
export function monthMarks(ribbon: Ribbon): MonthMark[] {
  const start = weekStart(ribbon, 0);
  const length = 7 * day * ribbon.weeks;
  const first = new Date(start);
  const marks: MonthMark[] = [];
  for (let m = 1; ; m++) {
    const time = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + m, 1);
    if (time >= start + length) return marks;
    marks.push({ at: (time - start) / length, time, january: new Date(time).getUTCMonth() === 0 });
  }
}
