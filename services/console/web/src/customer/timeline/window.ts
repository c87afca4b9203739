// The part of a timeline that the browser holds: at most ten pages of 200 rows. Each page brings the cursors that
// lead on from it in both directions, so a page that was let go can be fetched again.
import type { TimelineEvent, TimelinePage } from '../../api/types';

export const maxPages = 10;

export interface Page extends Pick<TimelinePage, 'events' | 'next' | 'newer'> {
  /** Whether nothing was newer when it was read: live events belong on top of it. */
  head: boolean;
}

/** Pages next to each other, newest first. */
export type Window = Page[];

export function pageOf(answer: TimelinePage, head: boolean): Page {
  return { events: answer.events, next: answer.next, newer: answer.newer, head };
}

export function withOlder(window: Window, page: Page): Window {
  return [...window, page].slice(-maxPages);
}

/** Puts what is newer on top. An empty answer says that the window had reached the head already. */
export function withNewer(window: Window, page: Page): Window {
  const [first, ...rest] = window;
  if (page.events.length > 0 || !first) return [page, ...window].slice(0, maxPages);
  return [{ ...first, head: true }, ...rest];
}

export function atHead(window: Window): boolean {
  return window[0]?.head ?? false;
}

/** The cursor to what is older than the window; empty at the beginning of the story. */
export function olderThan(window: Window): string {
  return window.at(-1)?.next ?? '';
}

/** All rows of the window, each event once: pages that were read at different times may overlap. */
export function eventsOf(window: Window): TimelineEvent[] {
  const seen = new Set<number>();
  return window.flatMap((page) => page.events).filter((event) => !seen.has(event.position) && seen.add(event.position));
}
