import type { ChurnBacktest, FlagThreshold } from '../api/churn';
import { Figure } from '../charts/Figure';
import { Lines } from '../charts/Lines';
import { useSpeech } from '../i18n';
import { flagAt } from '../ui/risk';
import { useWords } from './words';

/** The place of the policy's own threshold on a curve. */
export function ownPlace(curve: FlagThreshold[]): number {
  return curve.reduce((best, point, i) => (Math.abs(point.risk - flagAt) < Math.abs(curve[best]!.risk - flagAt) ? i : best), 0);
}

/** What thresholds from high to low would have found, and how often they would have been right. */
export function ThresholdCurve({ backtest: { curve } }: { backtest: ChurnBacktest }) {
  const { f } = useSpeech();
  const w = useWords();
  const own = curve[ownPlace(curve)];
  if (!own) return null;
  const names = curve.map((point) => f.number(Math.round(point.risk)));
  return (
    <Figure
      title={w.curve}
      summary={w.curveSummary(f.percent(own.precision), f.percent(own.recall), f.percent(own.recency_precision), f.percent(own.recency_recall))}
      series={[{ name: w.precision, look: 'own' }, { name: w.recall, look: 'second' }, { name: w.recency, look: 'plain' }]}
      head={[w.threshold, w.flaggedCount, w.precision, w.recall, `${w.recency} ${w.precision}`, `${w.recency} ${w.recall}`]}
      rows={curve.map((p) => [f.decimal(p.risk), f.number(p.flagged), f.percent(p.precision), f.percent(p.recall), f.percent(p.recency_precision), f.percent(p.recency_recall)])}
    >
      <Lines
        lines={[
          { name: w.precision, look: 'own', values: curve.map((p) => p.precision) },
          { name: w.recall, look: 'second', values: curve.map((p) => p.recall) },
          { name: `${w.recency} ${w.precision}`, look: 'plain', values: curve.map((p) => p.recency_precision) },
          { name: `${w.recency} ${w.recall}`, look: 'plain', values: curve.map((p) => p.recency_recall) },
        ]}
        names={names}
        say={f.percent}
        high={1}
        mark={ownPlace(curve)}
      />
    </Figure>
  );
}
