// Takes live events into the rows on screen the way the server would have grouped them: the same type on the same
// channel within half an hour is one row with a count.
import type { TimelineEvent } from '../../api/types';

const runPause = 30 * 60_000;

/** Of two at the same instant the one that came later is first. */
function isNewer(a: TimelineEvent, b: TimelineEvent): boolean {
  const difference = Date.parse(a.time) - Date.parse(b.time);
  return difference !== 0 ? difference > 0 : a.position > b.position;
}

export function positionsOf(event: TimelineEvent): number[] {
  return event.group?.length ? event.group : [event.position];
}

/** What two events must share to be one run, beside type and channel. */
const shared = ['session_id', 'order_id', 'inquiry_id', 'call_id', 'note_id', 'medium'] as const;

function isSameRun(newer: TimelineEvent, run: TimelineEvent): boolean {
  return newer.type === run.type && newer.channel === run.channel
    && shared.every((fact) => newer.data[fact] === run.data[fact])
    && Date.parse(newer.time) - Date.parse(run.time) <= runPause;
}

/** The run with a newer event on top of it. Like the server's row it shows the newest event. */
function joined(newer: TimelineEvent, run: TimelineEvent): TimelineEvent {
  return { ...newer, count: run.count + 1, until: run.until ?? run.time, group: [newer.position, ...positionsOf(run)] };
}

/** The rows with one more event in its place. One that is older than all rows belongs to a page that is not here. */
function insert(rows: TimelineEvent[], event: TimelineEvent, isWhole: boolean): TimelineEvent[] {
  const place = rows.findIndex((row) => isNewer(event, row));
  if (place < 0) return isWhole || rows.length === 0 ? [...rows, event] : rows;
  const below = rows[place]!;
  if (isSameRun(event, below)) return rows.with(place, joined(event, below));
  return rows.toSpliced(place, 0, event);
}

/** Merges live events into rows; isWhole says that the rows reach back to the first event. */
export function mergeLive(rows: TimelineEvent[], live: TimelineEvent[], isWhole: boolean): TimelineEvent[] {
  const known = new Set(rows.flatMap(positionsOf));
  let merged = rows;
  for (const event of live) {
    if (known.has(event.position)) continue;
    known.add(event.position);
    merged = insert(merged, event, isWhole);
  }
  return merged;
}

/** The key of a row. A run keeps the key of its oldest event while it grows at the top, so that no row jumps. */
export function keyOf(event: TimelineEvent): string {
  return `event-${positionsOf(event).at(-1)}`;
}
