import { useState } from 'react';
import type { ChurnBacktest, FlagMetrics } from '../api/churn';
import { Figure } from '../charts/Figure';
import { Lines } from '../charts/Lines';
import { dayNumber } from '../format/zone';
import { useSpeech, type Speech } from '../i18n';
import { useWords } from './words';

type Metric = 'precision' | 'recall' | 'lift';

/** Lift of plain recency is not in the answer, but follows from what is: its precision over the same base rate. */
function plainOf(m: FlagMetrics, metric: Metric): number {
  if (metric === 'lift') return m.base_rate > 0 ? m.recency.precision / m.base_rate : 0;
  return m.recency[metric];
}

function reads(metric: Metric, { f }: Speech): (n: number) => string {
  return metric === 'lift' ? (n) => `${f.decimal(n)}×` : f.percent;
}

/** One measure of the policy and of plain recency by cut-off date. */
export function Metrics({ backtest }: { backtest: ChurnBacktest }) {
  const speech = useSpeech();
  const w = useWords();
  const [metric, setMetric] = useState<Metric>('precision');
  const say = reads(metric, speech);
  const names = backtest.cutoffs.map((m) => speech.f.monthDay(dayNumber(m.cutoff) * 86_400_000));
  const { all } = backtest;
  return (
    <div>
      <div className="choices" role="group" aria-label={w.metric}>
        {(['precision', 'recall', 'lift'] as const).map((one) => <button key={one} aria-pressed={one === metric} onClick={() => setMetric(one)}>{w[one]}</button>)}
      </div>
      <Figure
        title={w.byCutoff(w[metric])}
        summary={w.metricSummary(w[metric], say(all[metric]), say(plainOf(all, metric)))}
        series={[{ name: w.own, look: 'own' }, { name: w.recency, look: 'plain' }]}
        head={[w.cutoff, w.own, w.recency]}
        rows={backtest.cutoffs.map((m) => [m.cutoff, say(m[metric]), say(plainOf(m, metric))])}
      >
        <Lines
          lines={[
            { name: w.own, look: 'own', values: backtest.cutoffs.map((m) => m[metric]) },
            { name: w.recency, look: 'plain', values: backtest.cutoffs.map((m) => plainOf(m, metric)) },
          ]}
          names={names}
          say={say}
          {...(metric !== 'lift' && { high: 1 })}
        />
      </Figure>
    </div>
  );
}
