import type { Customer } from '../api/types';
import { daysBetween } from '../format/zone';
import { useSpeech } from '../i18n';
import { levelOf, riskWord } from '../ui/risk';
import { useNow } from '../ui/useNow';

/** The three or four numbers an agent looks for first. */
export function Vitals({ customer }: { customer: Customer }) {
  const { t, f } = useSpeech();
  const now = useNow();
  const { totals, churn } = customer;
  const open = t.customer.cases(customer.cases.filter((c) => c.state !== 'closed').length);
  const last = totals.last_order_at ? t.customer.daysAgo(Math.max(0, daysBetween(Date.parse(totals.last_order_at), now))) : null;
  return (
    <dl className="vitals">
      {churn?.flagged && <Vital name={t.customer.churn} value={f.number(churn.risk)} unit={riskWord(churn.risk, t)} look={levelOf(churn.risk)} />}
      <Vital name={t.customer.openCases} value={open.value} unit={open.unit} />
      <Vital name={t.customer.revenue} value={totals.revenue.map((m) => f.money(m.amount, m.currency)).join(' + ') || f.money(0, 'KRW')} unit="" />
      <Vital name={t.customer.lastPurchase} value={last?.value ?? t.customer.never} unit={last?.unit ?? ''} />
    </dl>
  );
}

function Vital({ name, value, unit, look = '' }: { name: string; value: string; unit: string; look?: string }) {
  return (
    <div className={`vital ${look}`}>
      <dt>{name}</dt>
      <dd>
        {look && <span className="diamond" />}
        {value}
        {unit && <small>{unit}</small>}
      </dd>
    </div>
  );
}
