import { describe, expect, it } from 'vitest';
import { heightOf, labelled, niceMax } from './scale';

describe('an axis', () => {
  it.each([[0, 1], [-3, 1], [0.62, 0.8], [1, 1], [1.2, 1.5], [4.1, 5], [5, 5], [51, 60], [1_284, 1_500]])('for %s goes up to %s', (n, top) => {
    expect(niceMax(n)).toBeCloseTo(top);
  });
  it('puts values between its ends, high ones at the top', () => {
    expect([0, 25, 100].map((v) => heightOf(v, 0, 100))).toEqual([100, 75, 0]);
    expect([-50, 0, 50].map((v) => heightOf(v, -50, 50))).toEqual([100, 50, 0]);
    expect(heightOf(3, 3, 3)).toBe(100);
  });
  it('names a few places and always the last', () => {
    expect(labelled(13, 6)).toEqual([0, 3, 6, 9, 12]);
    expect(labelled(6, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(labelled(0, 6)).toEqual([]);
  });
});
