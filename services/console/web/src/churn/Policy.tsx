import { usePolicies } from '../api/askChurn';
import type { PolicyBrief, PolicyWorth } from '../api/churn';
import { useSpeech, word } from '../i18n';
import { Section } from '../ui/Section';
import { vars } from '../ui/vars';
import { useWords } from './words';

interface Props {
  policy: PolicyBrief | null;
  choose: (name: string) => void;
}

/** The policy in force and what it was worth on past days, beside plain recency. */
export function Policy({ policy, choose }: Props) {
  const { f, say } = useSpeech();
  const w = useWords();
  if (!policy) return <Section title={w.policy}><p className="none">{w.noPolicy}</p></Section>;
  return (
    <Section title={w.policy} aside={<Choice chosen={policy.name} choose={choose} />}>
      <p className="policy-name"><b>{say(policy.title) || policy.name}</b><span>{word(w.kinds, policy.kind)}</span></p>
      <p className="sub num">{w.since(policy.version, f.date(policy.since), policy.actor)}</p>
      {policy.note && <p className="sub">{say(policy.note)}</p>}
      {policy.measured ? <Measured worth={policy.measured} /> : <p className="none">{w.unmeasured}</p>}
    </Section>
  );
}

/** The other policies, where there are any. */
function Choice({ chosen, choose }: { chosen: string; choose: (name: string) => void }) {
  const { say } = useSpeech();
  const w = useWords();
  const { data = [] } = usePolicies();
  if (data.length < 2) return null;
  return (
    <select value={chosen} aria-label={w.policy} onChange={(e) => choose(e.target.value)}>
      {data.map(({ name, title }) => <option key={name} value={name}>{say(title) || name}</option>)}
    </select>
  );
}

function Measured({ worth }: { worth: PolicyWorth }) {
  const { f, say } = useSpeech();
  const w = useWords();
  return (
    <>
      <dl className="beside">
        {([[w.precision, worth.precision, worth.recency.precision], [w.recall, worth.recall, worth.recency.recall]] as const).map(([name, own, plain]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="own"><i style={vars({ '--w': own })} /><b className="num">{f.percent(own)}</b><span>{w.own}</span></dd>
            <dd className="plain"><i style={vars({ '--w': plain })} /><b className="num">{f.percent(plain)}</b><span>{w.recency}</span></dd>
          </div>
        ))}
      </dl>
      <p className="sub">{say(worth.text)}</p>
      <p className="sub num">{w.measuredOn(f.number(worth.customers), worth.horizon_days)} · {w.base(f.percent(worth.base_rate))}{worth.held_back && ` · ${w.heldBack}`}</p>
    </>
  );
}
