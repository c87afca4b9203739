import { useState } from 'react';
import { useBacktest } from '../api/askSegments';
import type { SegmentBacktest, SegmentMonth } from '../api/segments';
import { Bars } from '../charts/Bars';
import { Figure } from '../charts/Figure';
import { useSpeech, type Speech } from '../i18n';
import { Failure } from '../ui/Failure';
import { Skeleton } from '../ui/Skeleton';
import { Outcomes } from './Outcomes';
import { useWords } from './words';

const horizons = [30, 60, 90];

/** What the rule would have done over the last year, month by month, and what happened next to whom. */
export function Backtest({ name }: { name: string }) {
  const { t, f } = useSpeech();
  const w = useWords();
  const [horizon, setHorizon] = useState(30);
  const { data, error, refetch, isPlaceholderData } = useBacktest(name, horizon);
  if (error && !data) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} height={120} />;
  return (
    <div aria-busy={isPlaceholderData}>
      <p className="sub">{w.backtestAbout(f.date(data.from), f.date(data.to))} {w.asOf(f.number(data.position))}</p>
      <MembersByMonth months={data.months} />
      <FlowByMonth months={data.months} />
      <div className="choices" role="group" aria-label={w.horizon}>
        {horizons.map((days) => <button key={days} aria-pressed={days === horizon} onClick={() => setHorizon(days)}>{w.within(days)}</button>)}
      </div>
      <Outcomes backtest={data} />
    </div>
  );
}

/** 26. 3. or 3월: the month of a year is enough where years follow each other. */
function monthName(month: string, { f }: Speech): string {
  return f.monthName(`${month}-15T00:00:00+09:00`);
}

function MembersByMonth({ months }: { months: SegmentBacktest['months'] }) {
  const speech = useSpeech();
  const { f } = speech;
  const w = useWords();
  const [first, last] = [months[0], months.at(-1)];
  if (!first || !last) return null;
  const most = months.reduce((a, b) => (b.members > a.members ? b : a));
  const summary = w.membersSummary(f.number(first.members), f.number(last.members), f.number(most.members), f.month(most.end));
  return (
    <Figure
      title={w.membersByMonth}
      summary={summary}
      series={[{ name: w.members, look: 'own' }]}
      head={[w.month, w.members]}
      rows={months.map((m) => [m.month, f.number(m.members)])}
    >
      <Bars bars={[{ name: w.members, look: 'own', values: months.map((m) => m.members) }]} names={months.map((m) => monthName(m.month, speech))} say={f.short} />
    </Figure>
  );
}

function FlowByMonth({ months }: { months: SegmentBacktest['months'] }) {
  const speech = useSpeech();
  const { f } = speech;
  const w = useWords();
  const sum = (of: (m: SegmentMonth) => number) => f.number(months.reduce((n, m) => n + of(m), 0));
  return (
    <Figure
      title={w.flowByMonth}
      summary={w.flowSummary(sum((m) => m.entered), sum((m) => m.left))}
      series={[{ name: w.entered, look: 'up' }, { name: w.left, look: 'down' }]}
      head={[w.month, w.entered, w.left]}
      rows={months.map((m) => [m.month, f.number(m.entered), f.number(m.left)])}
    >
      <Bars
        bars={[{ name: w.entered, look: 'up', values: months.map((m) => m.entered) }, { name: w.left, look: 'down', values: months.map((m) => -m.left) }]}
        names={months.map((m) => monthName(m.month, speech))}
        say={(n) => f.short(Math.abs(n))}
      />
    </Figure>
  );
}
