import type { ChurnBacktest, FlagCost, FlagThreshold } from '../api/churn';
import { Figure } from '../charts/Figure';
import { Lines } from '../charts/Lines';
import { niceMax } from '../charts/scale';
import { useSpeech } from '../i18n';
import { ownPlace } from './ThresholdCurve';
import { useWords } from './words';

/** What as many flags by plain recency would have gained: the right ones among them, less the contacts. */
export function recencyNet(point: FlagThreshold, cost: FlagCost): number {
  return Math.round(point.recency_precision * point.flagged * cost.saved - point.flagged * cost.contact);
}

/** What each threshold would have gained or cost, beside as many flags by plain recency. */
export function CostCurve({ backtest: { curve, best }, cost }: { backtest: ChurnBacktest; cost: FlagCost }) {
  const { f } = useSpeech();
  const w = useWords();
  const own = curve[ownPlace(curve)];
  if (!own) return null;
  const won = (n: number) => f.money(n, 'KRW');
  const plain = curve.map((point) => recencyNet(point, cost));
  const all = [...curve.map((p) => p.net), ...plain];
  const low = Math.min(0, ...all);
  return (
    <Figure
      title={w.costTitle}
      summary={best ? w.costSummary(f.decimal(best.risk), won(best.net), won(own.net)) : w.costNever}
      series={[{ name: w.net, look: 'own' }, { name: w.netRecency, look: 'plain' }]}
      head={[w.threshold, w.flaggedCount, w.net, w.netRecency]}
      rows={curve.map((p, i) => [f.decimal(p.risk), f.number(p.flagged), won(p.net), won(plain[i]!)])}
    >
      <Lines
        lines={[{ name: w.net, look: 'own', values: curve.map((p) => p.net) }, { name: w.netRecency, look: 'plain', values: plain }]}
        names={curve.map((p) => f.number(Math.round(p.risk)))}
        say={f.short}
        high={niceMax(Math.max(0, ...all))}
        low={low < 0 ? -niceMax(-low) : 0}
        mark={ownPlace(curve)}
      />
    </Figure>
  );
}
