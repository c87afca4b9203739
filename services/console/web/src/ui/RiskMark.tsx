import { useSpeech } from '../i18n';
import { levelOf, riskWord } from './risk';

/** ◆ 77 높음: a shape, a number and a word, since colour alone says nothing to some. */
export function RiskMark({ risk }: { risk: number }) {
  const { t, f } = useSpeech();
  return (
    <span className={`risk-mark ${levelOf(risk)}`}>
      <i className="diamond" aria-hidden />
      <b className="num">{f.number(risk)}</b>
      <small>{riskWord(risk, t)}</small>
    </span>
  );
}
