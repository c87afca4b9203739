import { describe, expect, it } from 'vitest';
import type { TimelinePage } from '../../api/types';
import { event } from './sample';
import { atHead, eventsOf, maxPages, olderThan, pageAfter, pageBefore, withNewer, withOlder, type Window } from './window';

const answer = (position: number, next = `before-${position}`): TimelinePage => ({
  events: [event(position, new Date(position * 1e6).toISOString())], next, newer: `after-${position}`, position: 0,
});
const down = (from: number, pages: number): Window => {
  let window: Window = [pageBefore('', answer(from))];
  for (let i = 1; i < pages; i++) window = withOlder(window, pageBefore(olderThan(window)!, answer(from - i)));
  return window;
};

describe('the window', () => {
  it('starts at the head and ends at the beginning', () => {
    const window = [pageBefore('', answer(5, ''))];
    expect(atHead(window)).toBe(true);
    expect(olderThan(window)).toBe('');
  });
  it('holds ten pages, whichever way it moves', () => {
    const window = down(100, 14);
    expect(window).toHaveLength(maxPages);
    expect(atHead(window)).toBe(false);
    expect(eventsOf(window).map((e) => e.position)).toEqual([96, 95, 94, 93, 92, 91, 90, 89, 88, 87]);
    const up = withNewer(window, pageAfter(answer(97)));
    expect(up).toHaveLength(maxPages);
    expect(eventsOf(up)[0]?.position).toBe(97);
  });
  it('knows the way back down to a page it let go', () => {
    const window = down(100, 11);
    const dropped = window.at(-1)!;
    const up = withNewer(window, pageAfter(answer(200)));
    expect(olderThan(up)).toBe(dropped.entry);
  });
  it('says so when no cursor leads down', () => {
    let window: Window = [pageBefore('month', answer(1))];
    for (let i = 2; i <= maxPages + 2; i++) window = withNewer(window, pageAfter(answer(i)));
    expect(olderThan(window)).toBeNull();
  });
  it('is at the head once nothing is newer', () => {
    const window = [pageBefore('month', answer(1))];
    expect(atHead(window)).toBe(false);
    expect(atHead(withNewer(window, pageAfter({ ...answer(1), events: [] })))).toBe(true);
  });
  it('shows an event once where pages overlap', () => {
    expect(eventsOf([pageBefore('', answer(5)), pageBefore('x', answer(5))])).toHaveLength(1);
  });
});
