import { describe, expect, it } from 'vitest';
import { laneWeeks, monthMarks, weekStart } from './ribbonModel';
import { lastQuarters } from './right/Value';
import { monthOf } from './timeline/useJump';

describe('the ribbon', () => {
  const ribbon = { start: '2025-06-02', weeks: 3, channels: { web: [1, 0, 2], app: [0, 0, 5], call: [0, 1, 0] } };
  it('takes web and app together', () => {
    expect(laneWeeks(ribbon)[0]).toMatchObject({ lane: 'web', counts: [1, 0, 7] });
    expect(laneWeeks(ribbon)[2]?.counts).toEqual([0, 0, 0]);
  });
  it('shades the busiest week fully and lets one event be seen', () => {
    const { shades } = laneWeeks(ribbon)[0]!;
    expect(shades[2]).toBe(1);
    expect(shades[0]).toBeGreaterThan(0.3);
  });
  it('knows its weeks and months', () => {
    expect(new Date(weekStart(ribbon, 2)).toISOString()).toBe('2025-06-16T00:00:00.000Z');
    const marks = monthMarks({ ...ribbon, weeks: 78 });
    expect(marks).toHaveLength(17);
    expect(marks.filter((mark) => mark.january)).toHaveLength(1);
  });
});

describe('quarters', () => {
  it('have no holes', () => {
    const quarters = lastQuarters([{ quarter: '2026Q1', currency: 'KRW', amount: 5 }, { quarter: '2025Q2', currency: 'KRW', amount: 3 }]);
    expect(quarters.map((q) => q.quarter)).toEqual(['2024Q2', '2024Q3', '2024Q4', '2025Q1', '2025Q2', '2025Q3', '2025Q4', '2026Q1']);
    expect(quarters.map((q) => q.amount)).toEqual([0, 0, 0, 0, 3, 0, 0, 5]);
  });
  it('are none without orders', () => {
    expect(lastQuarters([])).toEqual([]);
  });
});

describe('a jump', () => {
  const months = [
    { month: '2026-11', channel: 'web' as const, count: 1, cursor: 'nov' },
    { month: '2026-08', channel: 'call' as const, count: 1, cursor: 'aug' },
  ];
  it('goes to the newest month that is not after the day', () => {
    expect(monthOf(months, '2026-10-01', null)?.cursor).toBe('aug');
    expect(monthOf(months, '2026-11-03', null)?.cursor).toBe('nov');
    expect(monthOf(months, '2026-11-03', ['call'])?.cursor).toBe('aug');
    expect(monthOf(months, '2026-01-01', null)).toBeUndefined();
  });
});
