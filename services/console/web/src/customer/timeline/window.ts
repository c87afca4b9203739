// The part of a timeline that the browser holds: at most ten pages of 200 rows. Each page brings the cursors that
// lead on from it in both directions, so a page that was let go can be read again.
import type { TimelineEvent, TimelinePage } from '../../api/types';

export const maxPages = 10;

export interface Page {
  events: TimelineEvent[];
  /** The before= cursor that reads this page again; empty for the head, null if it was reached from below. */
  entry: string | null;
  /** For before=: what is older. Empty at the beginning of the story, null if no cursor leads there. */
  older: string | null;
  /** For after=: what is newer. */
  newer: string;
  /** Whether nothing was newer when it was read: live events belong on top of it. */
  head: boolean;
}

/** Pages next to each other, newest first. */
export type Window = Page[];

/** The answer to before=cursor; the empty cursor asks for the head. */
export function pageBefore(cursor: string, answer: TimelinePage): Page {
  return { events: answer.events, entry: cursor, older: answer.next, newer: answer.newer, head: cursor === '' };
}

/** The answer to after=. What is below it is known by the page it was reached from. */
export function pageAfter(answer: TimelinePage): Page {
  return { events: answer.events, entry: null, older: null, newer: answer.newer, head: false };
}

export function withOlder(window: Window, page: Page): Window {
  return [...window, page].slice(-maxPages);
}

/** Puts what is newer on top. An empty answer says that the window had reached the head already. */
export function withNewer(window: Window, page: Page): Window {
  const [first, ...rest] = window;
  if (!first) return [page];
  if (page.events.length === 0) return [{ ...first, head: true }, ...rest];
  return [{ ...page, older: first.entry }, ...window].slice(0, maxPages);
}

export function atHead(window: Window): boolean {
  return window[0]?.head ?? false;
}

export function olderThan(window: Window): string | null {
  return window.at(-1)?.older ?? (window.length > 0 ? null : '');
}

/** All rows of the window, each event once: pages that were read at different times may overlap. */
export function eventsOf(window: Window): TimelineEvent[] {
  const seen = new Set<number>();
  return window.flatMap((page) => page.events).filter((event) => !seen.has(event.position) && seen.add(event.position));
}
