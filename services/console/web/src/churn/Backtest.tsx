import { useState } from 'react';
import { useChurnBacktest } from '../api/askChurn';
import { useSpeech } from '../i18n';
import { useDebounced } from '../ui/useDebounced';
import { Failure } from '../ui/Failure';
import { Section } from '../ui/Section';
import { Skeleton } from '../ui/Skeleton';
import { CostCurve } from './CostCurve';
import { CostFields } from './CostFields';
import { Metrics } from './Metrics';
import { ThresholdCurve } from './ThresholdCurve';
import { useWords } from './words';

/** What the policy would have been worth at the ends of past months, always beside plain recency. */
export function Backtest({ name }: { name: string }) {
  const { t, f, say } = useSpeech();
  const w = useWords();
  const [cost, setCost] = useState({ contact: 3_000, saved: 40_000 });
  const { data, error, refetch, isPlaceholderData } = useChurnBacktest(name, useDebounced(cost, 400));
  return (
    <Section title={w.backtest}>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={3} height={120} />}
      {data && (
        <div aria-busy={isPlaceholderData}>
          <p className="sub">{w.backtestLead(data.horizon_days)} {w.labels[data.label]}. {w.measuredOn(f.number(data.all.customers), data.horizon_days)}</p>
          {data.all.unjudged > 0 && <p className="sub">{w.unjudged(f.number(data.all.unjudged))}</p>}
          <p className="verdict">{say(data.text)}</p>
          <div className="figures">
            <Metrics backtest={data} />
            <ThresholdCurve backtest={data} />
          </div>
          <CostFields cost={cost} setCost={setCost} />
          <CostCurve backtest={data} cost={cost} />
        </div>
      )}
    </Section>
  );
}
