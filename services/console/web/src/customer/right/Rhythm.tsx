import type { Rhythm as RhythmData } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { vars } from '../../ui/vars';

/** How often this person comes by, and whether they have been quiet for longer than that. */
export function Rhythm({ rhythm }: { rhythm: RhythmData }) {
  const { t, f } = useSpeech();
  const { usual_gap_days: usual, silent_days: silent } = rhythm;
  const known = usual !== null && silent !== null;
  const late = known && usual > 0 && silent > 2 * usual;
  return (
    <Section title={t.right.rhythm}>
      {!known ? <p className="none">{t.right.rhythmUnknown}</p> : (
        <div className={late ? 'rhythm late' : 'rhythm'}>
          <Line name={t.right.usual} days={usual} most={Math.max(usual, silent)} />
          <Line name={t.right.silent} days={silent} most={Math.max(usual, silent)} />
          <p>{late ? t.right.overdue(f.decimal(silent / usual)) : t.right.onTime}</p>
        </div>
      )}
    </Section>
  );
}

function Line({ name, days, most }: { name: string; days: number; most: number }) {
  const { t, f } = useSpeech();
  return (
    <div className="line">
      <span>{name}</span>
      <b className="num">{t.right.days(f.decimal(days))}</b>
      <i style={vars({ '--w': most > 0 ? days / most : 0 })} />
    </div>
  );
}
