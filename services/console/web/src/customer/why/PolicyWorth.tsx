import type { PolicyBrief } from '../../api/churn';
import { useSpeech, word } from '../../i18n';
import { useWords } from './words';

/** What a policy looks at, and what it was worth on past days, always beside plain recency. */
export function PolicyWorth({ policy }: { policy: PolicyBrief }) {
  const { f, say } = useSpeech();
  const w = useWords();
  const { measured } = policy;
  return (
    <>
      <h3>{w.policy}</h3>
      <p>{say(policy.title) || policy.name} · {word(w.kinds, policy.kind)} <span className="sub">{w.version(policy.version)} · {w.since(f.date(policy.since))}</span></p>
      {policy.note && <p className="sub">{say(policy.note)}</p>}
      {!measured ? <p className="none">{w.unmeasured}</p> : (
        <>
          <p className="sub">{say(measured.text)}</p>
          <table className="plain">
            <thead><tr><td />{[w.precision, w.recall, w.auc].map((name) => <th key={name} scope="col" className="end">{name}</th>)}</tr></thead>
            <tbody>
              {([[w.flags, measured], [w.recency, measured.recency]] as const).map(([name, row]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td className="end num">{f.percent(row.precision)}</td>
                  <td className="end num">{f.percent(row.recall)}</td>
                  <td className="end num">{row.auc.toFixed(2)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p className="sub">{w.rows(f.number(measured.customers), measured.horizon_days)} · {w.base(f.percent(measured.base_rate))}{measured.held_back && ` · ${w.heldBack}`}</p>
        </>
      )}
    </>
  );
}
