import type { SegmentBacktest, SegmentOutcome } from '../api/segments';
import { useSpeech, type Speech } from '../i18n';
import { vars } from '../ui/vars';
import { useWords } from './words';

/** What happened next to those who came in and to members, beside everybody else. */
export function Outcomes({ backtest }: { backtest: SegmentBacktest }) {
  const { f } = useSpeech();
  const w = useWords();
  const groups = [['entered', backtest.entered], ['members', backtest.members], ['others', backtest.others]] as const;
  const times = share(backtest.others.ordered, backtest.others) > 0 ? share(backtest.members.ordered, backtest.members) / share(backtest.others.ordered, backtest.others) : 0;
  return (
    <section className="outcomes">
      <h2>{w.next}</h2>
      <p className="sub">{w.nextLead(backtest.horizon_days)}{backtest.members.customers > 0 && times > 0 && ` · ${w.times(f.decimal(times))}`}</p>
      <div className="table" tabIndex={0} role="group" aria-label={w.next}>
        <table className="plain">
          <thead><tr><td />{[w.counted, w.ordered, w.silent, w.perHead].map((name) => <th key={name} scope="col" className="end">{name}</th>)}</tr></thead>
          <tbody>{groups.map(([name, group]) => <Row key={name} name={w.groups[name]} group={group} look={name === 'others' ? 'plain' : 'own'} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function share(n: number, of: SegmentOutcome): number {
  return of.customers > 0 ? n / of.customers : 0;
}

function Row({ name, group, look }: { name: string; group: SegmentOutcome; look: string }) {
  const speech = useSpeech();
  const { f } = speech;
  const w = useWords();
  if (group.customers === 0) return <tr><th scope="row">{name}</th><td colSpan={4} className="end">{w.nobody}</td></tr>;
  return (
    <tr className={look}>
      <th scope="row">{name}</th>
      <td className="end num">{f.number(group.customers)}</td>
      <Share of={share(group.ordered, group)} />
      <Share of={share(group.silent, group)} />
      <td className="end num">{perHead(group, speech)}</td>
    </tr>
  );
}

function Share({ of }: { of: number }) {
  const { f } = useSpeech();
  return <td className="end num"><span className="in-cell">{f.percent(of)}<i style={vars({ '--w': of })} /></span></td>;
}

function perHead(group: SegmentOutcome, { f }: Speech): string {
  return group.net.map((m) => f.money(Math.round(m.amount / group.customers), m.currency)).join(' + ') || '–';
}
