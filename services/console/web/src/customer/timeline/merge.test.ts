import { describe, expect, it } from 'vitest';
import { keyOf, mergeLive } from './merge';
import { event } from './sample';

const rows = [
  event(10, '2026-11-21T05:00:00Z', { type: 'order.completed' }),
  event(9, '2026-11-21T04:00:00Z'),
  event(5, '2026-11-20T04:00:00Z', { type: 'call.ended', channel: 'call' }),
];
const positions = (merged: { position: number }[]) => merged.map((row) => row.position);

describe('live events', () => {
  it('come on top', () => {
    expect(positions(mergeLive(rows, [event(11, '2026-11-21T05:10:00Z')], false))).toEqual([11, 10, 9, 5]);
  });
  it('that come late go to their place in time', () => {
    expect(positions(mergeLive(rows, [event(12, '2026-11-20T20:00:00Z')], false))).toEqual([10, 9, 12, 5]);
  });
  it('are taken once, however often they are told', () => {
    const once = mergeLive(rows, [event(11, '2026-11-21T05:10:00Z')], false);
    expect(mergeLive(once, [event(11, '2026-11-21T05:10:00Z'), event(10, '2026-11-21T05:00:00Z')], false)).toBe(once);
  });
  it('older than everything loaded belong to a page that is not here', () => {
    const early = event(13, '2026-01-01T00:00:00Z');
    expect(mergeLive(rows, [early], false)).toBe(rows);
    expect(positions(mergeLive(rows, [early], true))).toEqual([10, 9, 5, 13]);
  });
  it('start an empty timeline', () => {
    expect(positions(mergeLive([], [event(1, '2026-01-01T00:00:00Z')], true))).toEqual([1]);
  });
});

describe('runs', () => {
  const viewed = (position: number, time: string, session = 's1') => event(position, time, { data: { session_id: session } });
  it('grow while like events follow within half an hour', () => {
    const [run, ...rest] = mergeLive([viewed(1, '2026-11-21T05:00:00Z')], [viewed(2, '2026-11-21T05:10:00Z'), viewed(3, '2026-11-21T05:39:00Z')], true);
    expect(rest).toEqual([]);
    expect(run).toMatchObject({ position: 3, count: 3, until: '2026-11-21T05:00:00Z', group: [3, 2, 1] });
  });
  it('keep their key while they grow, so that the reader is not moved', () => {
    const before = viewed(1, '2026-11-21T05:00:00Z');
    const [after] = mergeLive([before], [viewed(2, '2026-11-21T05:10:00Z')], true);
    expect(keyOf(after!)).toBe(keyOf(before));
  });
  it('end with a pause, another session or another channel', () => {
    const first = viewed(1, '2026-11-21T05:00:00Z');
    expect(mergeLive([first], [viewed(2, '2026-11-21T05:31:00Z')], true)).toHaveLength(2);
    expect(mergeLive([first], [viewed(2, '2026-11-21T05:10:00Z', 's2')], true)).toHaveLength(2);
    expect(mergeLive([first], [{ ...viewed(2, '2026-11-21T05:10:00Z'), channel: 'app' }], true)).toHaveLength(2);
  });
  it('do not count an event twice that is inside them', () => {
    const run = { ...viewed(3, '2026-11-21T05:10:00Z'), count: 2, group: [3, 1] };
    expect(mergeLive([run], [viewed(1, '2026-11-21T05:00:00Z')], true)).toEqual([run]);
  });
});
