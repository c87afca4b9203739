import { useCustomer } from '../../api/queries';
import type { Customer } from '../../api/types';
import { dayNumber } from '../../format/zone';
import { useSpeech, type Speech } from '../../i18n';
import { Failure } from '../../ui/Failure';
import { Section } from '../../ui/Section';
import { Skeleton } from '../../ui/Skeleton';

/** What was so on a day in the past beside what is so now. */
export default function ThenAndNow({ then, date }: { then: Customer; date: string }) {
  const speech = useSpeech();
  const { t, f } = speech;
  const { data: now, error, refetch } = useCustomer(then.id);
  return (
    <Section title={t.past.compare}>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!now && !error && <Skeleton lines={5} />}
      {now && (
        <table className="plain compare">
          <thead><tr><td />{[f.monthDayLong(dayNumber(date) * 86_400_000), t.past.now].map((name) => <th key={name} scope="col" className="end">{name}</th>)}</tr></thead>
          <tbody>
            {rows(speech).map(([name, of, moreIsWorse]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="end num">{of(then).text}</td>
                <td className={moreIsWorse && of(now).value > of(then).value ? 'end num worse' : 'end num'}>{of(now).text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

type Row = [name: string, of: (customer: Customer) => { value: number; text: string }, moreIsWorse: boolean];

function rows({ t, f }: Speech): Row[] {
  const number = (value: number) => ({ value, text: f.number(value) });
  return [
    [t.customer.churn, ({ churn }) => (churn?.known ? number(churn.risk) : { value: 0, text: '–' }), true],
    [t.customer.openCases, ({ cases }) => number(cases.filter((c) => c.state !== 'closed').length), true],
    [t.customer.revenue, ({ totals }) => ({ value: totals.revenue[0]?.amount ?? 0, text: totals.revenue.map((m) => f.money(m.amount, m.currency)).join(' + ') || f.money(0, 'KRW') }), false],
    [t.right.orders, ({ totals }) => number(totals.orders), false],
    [t.left.segments, ({ segments }) => number(segments.filter((s) => s.in).length), false],
  ];
}
