import { useEffect, useState } from 'react';
import { useFlags } from '../api/askChurn';
import type { FlagOrder } from '../api/churn';
import { useSpeech } from '../i18n';
import '../styles/insight.css';
import { useParam } from '../ui/address';
import { Failure } from '../ui/Failure';
import { Guard } from '../ui/Guard';
import { Skeleton } from '../ui/Skeleton';
import { Backtest } from './Backtest';
import { FlagList } from './FlagList';
import { Policy } from './Policy';
import { Totals } from './Totals';
import { useWords } from './words';

/** Who is slipping away and why, by which policy, what that policy is worth, and what became of those flagged before. */
export default function ChurnPage() {
  const { t, f, say } = useSpeech();
  const w = useWords();
  const [asked, setOrder] = useParam('order');
  const order: FlagOrder = asked === 'since' ? 'since' : 'risk';
  const [policy, setPolicy] = useParam('policy');
  const flags = useFlags(order, policy ?? '');
  const { data, error, refetch } = flags;
  const [today] = useState(() => Date.now());
  useEffect(() => {
    document.title = `${w.title} — c360`;
  }, [w]);
  const first = data?.pages[0];
  return (
    <div className="sheet-page wide">
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!first && !error && <Skeleton lines={8} height={44} />}
      {first && (
        <>
          {first.missing && <p className="missing" role="status">{say(first.missing)}</p>}
          {first.judging && <p className="missing" role="status">{w.judging(f.number(first.judging.done))}</p>}
          <div className="churn-top">
            <Guard><Totals totals={first.totals} outcomes={first.outcomes} /></Guard>
            <Guard><Policy policy={first.policy} choose={setPolicy} /></Guard>
          </div>
          <Guard><FlagList flags={flags} order={order} setOrder={setOrder} today={today} /></Guard>
          {first.policy && <Guard><Backtest name={first.policy.name} /></Guard>}
        </>
      )}
    </div>
  );
}
