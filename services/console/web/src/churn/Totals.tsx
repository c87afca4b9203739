import type { FlagOutcomes, FlagTotals } from '../api/churn';
import { useSpeech } from '../i18n';
import { Section } from '../ui/Section';
import { vars } from '../ui/vars';
import { useWords } from './words';

const order = ['bought', 'returned', 'pending', 'lost'] as const;

/** How many are flagged, how that moves, and what became of flags. */
export function Totals({ totals, outcomes }: { totals: FlagTotals; outcomes: FlagOutcomes }) {
  const { f } = useSpeech();
  const w = useWords();
  const back = outcomes.raised > 0 ? (outcomes.bought + outcomes.returned) / outcomes.raised : 0;
  return (
    <Section title={w.flagged}>
      <p className="churn-count"><strong className="num">{f.number(totals.flagged)}</strong><span>{w.people}</span></p>
      <dl className="sums">
        <div><dt>{w.days7}</dt><dd className="num">{w.moved(f.number(totals.days_7.raised), f.number(totals.days_7.lowered))}</dd></div>
        <div><dt>{w.days30}</dt><dd className="num">{w.moved(f.number(totals.days_30.raised), f.number(totals.days_30.lowered))}</dd></div>
      </dl>
      <h3>{w.winBack(outcomes.days)}</h3>
      {outcomes.raised === 0 ? <p className="none">{w.noFlags}</p> : (
        <>
          <div className="stack" aria-hidden>{order.map((name) => outcomes[name] > 0 && <i key={name} className={name} style={vars({ '--w': outcomes[name] / outcomes.raised })} />)}</div>
          <ul className="stack-names">{order.map((name) => <li key={name} className={name}><i aria-hidden />{w.outcomes[name]} <b className="num">{f.number(outcomes[name])}</b></li>)}</ul>
          <p className="sub">{w.winBackSummary(f.number(outcomes.raised), f.percent(back), outcomes.within_days)}</p>
        </>
      )}
      {!(totals.complete && outcomes.complete) && <p className="sub">{w.atLeast}</p>}
    </Section>
  );
}
