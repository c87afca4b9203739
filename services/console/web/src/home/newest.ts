import type { LiveEvent } from '../api/types';

const shown = 10;
const nobody = '00000000-0000-0000-0000-000000000000';

/** The newest event of each person, newest first. What a source reports about nobody is left out. */
export function newestPerPerson(events: LiveEvent[]): LiveEvent[] {
  const sorted = events.filter((event) => event.fragment && event.fragment !== nobody)
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time) || b.position - a.position);
  const seen = new Set<string>();
  return sorted.filter((event) => !seen.has(event.fragment) && seen.add(event.fragment)).slice(0, shown);
}
