import { useWorth, type ModelNote, type Worth } from '../../api/value';
import { useSpeech, word } from '../../i18n';
import { typeName } from '../../ui/eventTypes';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';
import { useWords } from './words';

/** What a customer is expected to bring, by which model, and how that model did on time it had not seen. */
export function ValueWhy({ id, asOf }: { id: string; asOf: string }) {
  const { t, say } = useSpeech();
  const w = useWords();
  const { data, error, refetch } = useWorth(id, asOf);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <>
      {!data.enough && <p className="none">{data.why ? say(data.why) : w.notEnough}</p>}
      {data.forecasts.length > 0 && <Forecasts worth={data} />}
      <Places worth={data} />
      {data.life && <Life life={data.life} />}
      {data.model && <Model model={data.model} />}
    </>
  );
}

function Forecasts({ worth }: { worth: Worth }) {
  const { t, f } = useSpeech();
  const w = useWords();
  return (
    <>
      <h3>{w.forecast}</h3>
      <table className="plain">
        <thead><tr><td />{[w.purchases, w.range, w.amount].map((name) => <th key={name} scope="col" className="end">{name}</th>)}</tr></thead>
        <tbody>
          {worth.forecasts.map((ahead) => (
            <tr key={ahead.days}>
              <th scope="row">{w.days(ahead.days)}</th>
              <td className="end num">{f.few(ahead.purchases)}</td>
              <td className="end num">{ahead.low}–{ahead.high}</td>
              <td className="end num">{ahead.spend > 0 && f.money(Math.round(ahead.value), worth.currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {worth.clv && <p>{t.right.clv(worth.clv.years)} <b className="num">{f.money(Math.round(worth.clv.value), worth.currency)}</b></p>}
    </>
  );
}

/** Where the customer stands: among all, and among the tiers. */
function Places({ worth }: { worth: Worth }) {
  const { t, f, say } = useSpeech();
  const w = useWords();
  const { rfm, tier, currency } = worth;
  return (
    <dl className="sums">
      {rfm && <div><dt>RFM</dt><dd className="num">{rfm.r}·{rfm.f}·{rfm.m} {say(rfm.name)}</dd></div>}
      {tier?.holds && <div><dt>{w.tier}</dt><dd>{w.holds(f.date(tier.holds))}</dd></div>}
      {tier?.next && (
        <div>
          <dt>{t.left.toTier(word(t.tiers, tier.next))}</dt>
          <dd className="num">{tier.missing_revenue > 0 ? f.money(tier.missing_revenue, currency) : t.left.ordersMore(tier.missing_orders)} {tier.until && w.until(f.date(tier.until))}</dd>
        </div>
      )}
    </dl>
  );
}

function Life({ life }: { life: NonNullable<Worth['life']> }) {
  const { t, f, say } = useSpeech();
  const w = useWords();
  return (
    <>
      <h3>{w.life}</h3>
      <p><b>{say(life.name)}</b> {life.due && <span className="sub">{w.lifeDue(f.date(life.due))}</span>}</p>
      <ol className="changes">
        {life.history.slice(-6).reverse().map((change) => (
          <li key={change.at}>
            <time className="num" dateTime={change.at}>{f.date(change.at)}</time>
            <b>{word(t.classes, change.to)}</b>
            <span className="sub">{change.cause === 'clock' ? w.byClock : say(typeName(change.cause))}</span>
          </li>
        ))}
      </ol>
    </>
  );
}

const models: Record<string, string> = { bg_nbd: 'BG/NBD', mbg_nbd: 'MBG/NBD', pareto_nbd: 'Pareto/NBD' };

function Model({ model }: { model: ModelNote }) {
  const { f, say } = useSpeech();
  const w = useWords();
  const { holdout } = model;
  return (
    <>
      <h3>{w.model}</h3>
      <p>{word(models, model.model)} <span className="sub">{w.fitted(f.number(model.customers), f.date(model.fitted_to))}</span></p>
      {!model.identifiable.ok && <p className="none">{say(model.identifiable.why)}</p>}
      {holdout && (
        <p className="sub">
          {w.holdout(f.number(holdout.customers))}: {w.error} {w.modelled} {f.decimal(holdout.model.error_percent)}% · {w.naive} {f.decimal(holdout.naive.error_percent)}%
        </p>
      )}
    </>
  );
}
