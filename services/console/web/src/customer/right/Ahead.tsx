import { useWorth, type Glance, type Worth } from '../../api/value';
import { useSpeech, type Speech } from '../../i18n';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';

type Forecast = Pick<Glance, 'currency' | 'rfm' | 'class_name' | 'alive' | 'next_90_days' | 'clv'>;

interface Props {
  /** Null while nothing is measured. */
  value: Forecast | null;
  /** Why there is no forecast, where the server said so. */
  why?: string;
  showWhy: () => void;
}

/** What the customer is likely to bring from now on, and what kind of customer that makes them. */
export function Ahead({ value, why = '', showWhy }: Props) {
  const speech = useSpeech();
  const { t } = speech;
  const rows = value ? rowsOf(value, speech).filter(([, text]) => text !== '') : [];
  return (
    <>
      <h3>{t.right.ahead}</h3>
      {!value?.next_90_days && <p className="none">{why || t.right.noForecast}</p>}
      <dl className="sums">
        {rows.map(([name, text]) => <div key={name}><dt>{name}</dt><dd className="num">{text}</dd></div>)}
      </dl>
      <button className="link" onClick={showWhy}>{t.right.why}</button>
    </>
  );
}

/** The same as of a day that has passed, which is measured when it is asked for. */
export function AheadThen({ id, asOf, showWhy }: { id: string; asOf: string; showWhy: () => void }) {
  const { t, say } = useSpeech();
  const { data, error, refetch } = useWorth(id, asOf);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} />;
  return <Ahead value={forecastOf(data)} why={data.why ? say(data.why) : ''} showWhy={showWhy} />;
}

function forecastOf(worth: Worth): Forecast {
  return { ...worth, class_name: worth.life?.name ?? null, next_90_days: worth.forecasts[0] ?? null };
}

function rowsOf(value: Forecast, { t, f, say }: Speech): [string, string][] {
  const { next_90_days: next, clv, rfm } = value;
  return [
    [t.right.clv(clv?.years ?? 3), clv ? f.money(Math.round(clv.value), value.currency) : ''],
    [t.right.next90, next ? t.right.expected(f.few(next.purchases), next.low, next.high) : ''],
    [t.right.alive, value.alive === null ? '' : f.percent(value.alive)],
    [t.right.lifeClass, value.class_name ? say(value.class_name) : ''],
    ['RFM', rfm ? `${rfm.r}·${rfm.f}·${rfm.m} ${say(rfm.name)}` : ''],
  ];
}
