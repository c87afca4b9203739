import type { ChurnBrief, ChurnReason } from '../../api/churn';
import { useSpeech } from '../../i18n';
import { levelOf, riskWord } from '../../ui/risk';
import { Section } from '../../ui/Section';
import { vars } from '../../ui/vars';
import { Trend } from './Trend';
import { Worth } from './Worth';

interface Props {
  id: string;
  churn: ChurnBrief | null;
  asOf: string;
  /** Opens the policy, the events behind every reason, and the flags before. */
  showWhy: () => void;
}

/** The risk of losing this customer: how high, since when, why, and what the policy that says so is worth. */
export function ChurnPanel({ id, churn, asOf, showWhy }: Props) {
  const { t, say } = useSpeech();
  if (!churn) return <Section title={t.customer.churn}><p className="none">{t.right.noPolicy}</p></Section>;
  return (
    <Section title={t.customer.churn} aside={<span className="sub">{t.right.trend}</span>}>
      {churn.known && <Score churn={churn} />}
      {churn.note && <p className="none">{say(churn.note)}</p>}
      {churn.reasons.length > 0 && <h3>{t.right.churnReasons}</h3>}
      <Reasons reasons={churn.reasons} />
      <p className="basis">
        <span>{say(churn.title) || churn.policy}{churn.flagged && <Worth id={id} asOf={asOf} policy={churn.policy} />}</span>
        <button className="link" onClick={showWhy}>{t.right.why}</button>
      </p>
    </Section>
  );
}

function Score({ churn }: { churn: ChurnBrief }) {
  const { t, f } = useSpeech();
  return (
    <>
      <div className={`risk ${levelOf(churn.risk)}`}>
        <strong className="num">{f.number(churn.risk)}</strong>
        <span>{riskWord(churn.risk, t)}</span>
        <Trend points={churn.trend} />
      </div>
      {churn.since && <p className="sub since">{t.right.flaggedSince(f.date(churn.since))}</p>}
    </>
  );
}

function Reasons({ reasons }: { reasons: ChurnReason[] }) {
  const { say } = useSpeech();
  const most = Math.max(1, ...reasons.map((reason) => Math.abs(reason.weight)));
  return (
    <ul className="factors">
      {reasons.map(({ code, text, weight }) => (
        <li key={`${code} ${text.ko}`}>
          <span>{say(text)}</span>
          <b className="num">{weight > 0 ? '+' : '−'}{Math.abs(weight)}</b>
          <i className={weight > 0 ? 'up' : 'down'} style={vars({ '--w': Math.abs(weight) / most })} />
        </li>
      ))}
    </ul>
  );
}
