import type { SegmentLine } from '../api/segments';
import { useSpeech } from '../i18n';
import { vars } from '../ui/vars';
import { useWords } from './words';

/** The conditions at the top of a rule, each with how many people it keeps out. */
export function ConditionLines({ lines, customers }: { lines: SegmentLine[]; customers: number }) {
  const { f, say } = useSpeech();
  const w = useWords();
  return (
    <ol className="rule-lines">
      {lines.map((line) => (
        <li key={line.pointer}>
          <p><b>{say(line.words)}</b><span className="num">−{f.number(line.fails)}</span></p>
          <i style={vars({ '--w': customers > 0 ? line.fails / customers : 0 })} />
          <small className="num">{w.fails(f.number(line.fails))}{line.loses > 0 && lines.length > 1 && ` · ${w.loses(f.number(line.loses))}`}</small>
        </li>
      ))}
    </ol>
  );
}
