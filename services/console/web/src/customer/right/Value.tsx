import { useState } from 'react';
import type { Totals } from '../../api/types';
import type { Glance } from '../../api/value';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { vars } from '../../ui/vars';
import { Ahead, AheadThen } from './Ahead';

const shownQuarters = 8;

type Quarter = Totals['by_quarter'][number];

interface Props {
  id: string;
  /** The day the page stands at, empty for now. */
  asOf: string;
  totals: Totals;
  /** What is to come as of now, null if it is not measured yet. */
  value: Glance | null;
  showWhy: () => void;
}

/** What the customer has bought: the sum, the last eight quarters, and what came back; and what is likely to come. */
export function Value({ id, asOf, totals, value, showWhy }: Props) {
  const { t, f } = useSpeech();
  const [table, setTable] = useState(false);
  const main = totals.revenue[0];
  const quarters = main ? lastQuarters(totals.by_quarter.filter((q) => q.currency === main.currency)) : [];
  const toggle = quarters.length > 0 && (
    <button className="link" onClick={() => setTable(!table)} aria-pressed={table}>{table ? t.right.asBars : t.right.asTable}</button>
  );
  return (
    <Section title={t.right.value} aside={toggle}>
      {!main ? <p className="none">{t.right.noOrders}</p> : (
        <>
          <div className="value">
            <strong className="num">{f.money(main.amount, main.currency)}</strong>
            {!table && <Bars quarters={quarters} />}
          </div>
          {table && <QuarterTable quarters={quarters} />}
          <Sums totals={totals} />
          {asOf ? <AheadThen id={id} asOf={asOf} showWhy={showWhy} /> : <Ahead value={value} showWhy={showWhy} />}
        </>
      )}
    </Section>
  );
}

/** The last quarters without holes: a quarter without a sale is a bar of no height, not a bar left out. */
export function lastQuarters(known: Quarter[]): Quarter[] {
  const last = known.map((q) => q.quarter).sort().at(-1);
  if (!last) return [];
  const [year = 0, q = 0] = last.split('Q').map(Number);
  return Array.from({ length: shownQuarters }, (_, i) => {
    const n = year * 4 + q - 1 - (shownQuarters - 1 - i);
    const code = `${Math.floor(n / 4)}Q${(n % 4) + 1}`;
    return known.find((k) => k.quarter === code) ?? { quarter: code, currency: known[0]!.currency, amount: 0 };
  });
}

function Bars({ quarters }: { quarters: Quarter[] }) {
  const { t, f } = useSpeech();
  const most = Math.max(1, ...quarters.map((q) => q.amount));
  const text = quarters.map((q) => `${f.quarter(q.quarter)} ${f.money(q.amount, q.currency)}`).join(', ');
  return (
    <div className="quarters" role="img" aria-label={`${t.right.quarters(quarters.length)}: ${text}`}>
      {quarters.map((q) => <i key={q.quarter} style={vars({ '--h': Math.max(0, q.amount) / most })} title={`${f.quarter(q.quarter)} ${f.money(q.amount, q.currency)}`} />)}
    </div>
  );
}

function QuarterTable({ quarters }: { quarters: Quarter[] }) {
  const { t, f } = useSpeech();
  return (
    <table className="plain">
      <thead><tr><th scope="col">{t.right.quarter}</th><th scope="col">{t.right.amount}</th></tr></thead>
      <tbody>
        {quarters.map((q) => (
          <tr key={q.quarter}><th scope="row">{f.quarter(q.quarter)}</th><td className="num">{f.money(q.amount, q.currency)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}

function Sums({ totals }: { totals: Totals }) {
  const { t, f } = useSpeech();
  const main = totals.revenue[0]!;
  const rows: [string, string][] = [
    [t.right.orders, f.number(totals.orders)],
    [t.right.average, totals.orders > 0 ? f.money(Math.round(main.amount / totals.orders), main.currency) : ''],
    ...totals.revenue.slice(1).map((m): [string, string] => [m.currency, f.money(m.amount, m.currency)]),
    [t.right.cancelled, totals.cancelled > 0 ? f.number(totals.cancelled) : ''],
    [t.right.refunded, totals.refunded.map((m) => f.money(m.amount, m.currency)).join(' + ')],
    [t.right.firstOrder, totals.first_order_at ? f.date(totals.first_order_at) : ''],
  ];
  return (
    <dl className="sums">
      {rows.filter(([, value]) => value).map(([name, value]) => (
        <div key={name}><dt>{name}</dt><dd className="num">{value}</dd></div>
      ))}
    </dl>
  );
}
