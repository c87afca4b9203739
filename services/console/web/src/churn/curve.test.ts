import { describe, expect, it } from 'vitest';
import type { FlagThreshold } from '../api/churn';
import { levelOf } from '../ui/risk';
import { recencyNet } from './CostCurve';
import { ownPlace } from './ThresholdCurve';

const point = (risk: number, flagged = 10, recency = 0.5): FlagThreshold =>
  ({ risk, flagged, right: 0, precision: 0, recall: 0, recency_precision: recency, recency_recall: 0, net: 0 });

describe('a curve of thresholds', () => {
  it('marks the one that is nearest to the policy’s own', () => {
    expect(ownPlace([point(90), point(70), point(52), point(30)])).toBe(2);
    expect(ownPlace([])).toBe(0);
  });
  it('knows what as many flags by plain recency gain: the right ones, less every contact', () => {
    expect(recencyNet(point(50, 10, 0.6), { contact: 1_000, saved: 5_000 })).toBe(6 * 5_000 - 10 * 1_000);
    expect(recencyNet(point(50, 0), { contact: 1_000, saved: 5_000 })).toBe(0);
  });
});

describe('a risk', () => {
  it.each([[0, 'low'], [24, 'low'], [25, 'middle'], [49, 'middle'], [50, 'high'], [100, 'high']])('%s is %s, since flags go up at 50', (risk, level) => {
    expect(levelOf(risk)).toBe(level);
  });
});
