import { describe, expect, it } from 'vitest';
import { gapThreshold, toRows } from './rows';
import { event } from './sample';

const now = Date.parse('2026-11-21T14:32:00+09:00');
const kinds = (times: string[], usualGapDays: number | null = null) =>
  toRows(times.map((time, i) => event(100 - i, time)), { now, usualGapDays }).map((row) => (row.kind === 'gap' ? `gap ${row.days}` : row.kind === 'event' && row.solo ? 'solo' : row.kind));

describe('rows', () => {
  it('head each day once', () => {
    expect(kinds(['2026-11-21T05:00:00Z', '2026-11-21T04:00:00Z', '2026-11-20T04:00:00Z'])).toEqual(['day', 'event', 'event', 'day', 'event']);
  });
  it('fold the date of a single event into its row, except today and yesterday', () => {
    expect(kinds(['2026-11-21T05:00:00Z', '2026-11-10T04:00:00Z', '2026-11-09T04:00:00Z', '2026-11-09T03:00:00Z'])).toEqual(['day', 'event', 'solo', 'day', 'event', 'event']);
  });
  it('go by the days of the company: 15:30 UTC is the next day in Seoul', () => {
    expect(kinds(['2026-11-20T15:30:00Z', '2026-11-20T14:30:00Z'])).toEqual(['day', 'event', 'day', 'event']);
  });
  it('show a silence of three weeks', () => {
    expect(kinds(['2026-11-21T05:00:00Z', '2026-10-31T05:00:00Z'])).toEqual(['day', 'event', 'gap 21', 'solo']);
    expect(kinds(['2026-11-21T05:00:00Z', '2026-11-01T05:00:00Z'])).toEqual(['day', 'event', 'solo']);
  });
  it('wait twice the usual time with people who come seldom', () => {
    expect(gapThreshold(null)).toBe(21);
    expect(gapThreshold(5)).toBe(21);
    expect(gapThreshold(30)).toBe(60);
    expect(kinds(['2026-11-21T05:00:00Z', '2026-10-10T05:00:00Z'], 30)).toEqual(['day', 'event', 'solo']);
  });
  it('mark where a year ends', () => {
    expect(kinds(['2026-01-02T05:00:00Z', '2025-12-30T05:00:00Z'])).toEqual(['solo', 'year', 'solo']);
  });
  it('have a key each', () => {
    const rows = toRows([event(3, '2026-11-21T05:00:00Z'), event(2, '2026-09-01T05:00:00Z'), event(1, '2025-09-01T05:00:00Z')], { now, usualGapDays: null });
    expect(new Set(rows.map((row) => row.key)).size).toBe(rows.length);
  });
});
