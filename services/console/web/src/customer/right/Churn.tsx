import type { Churn } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { vars } from '../../ui/vars';

/** The risk of losing this customer, with what moved the score. */
export function ChurnPanel({ churn }: { churn: Churn }) {
  const { t, f, say } = useSpeech();
  const reasons = churn.reasons ?? [];
  const most = Math.max(1, ...reasons.map((reason) => Math.abs(reason.weight)));
  return (
    <Section title={t.customer.churn}>
      <strong className="risk num">{f.number(churn.score)}</strong>
      {reasons.length > 0 && <h3>{t.right.churnReasons}</h3>}
      <ul className="factors">
        {reasons.map(({ text, weight }) => (
          <li key={text.ko}>
            <span>{say(text)}</span>
            <b className="num">{weight > 0 ? '+' : '−'}{Math.abs(weight)}</b>
            <i className={weight > 0 ? 'up' : 'down'} style={vars({ '--w': Math.abs(weight) / most })} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
