import type { CustomerFlag } from '../../api/churn';
import { useSpeech } from '../../i18n';
import { useWords } from './words';

/** The flags raised so far, and what became of each. */
export function PastFlags({ flags }: { flags: CustomerFlag['past'] }) {
  const { f } = useSpeech();
  const w = useWords();
  if (flags.length === 0) return null;
  return (
    <>
      <h3>{w.past}</h3>
      <table className="plain">
        <thead><tr>{[w.raised, w.lowered, w.outcome].map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {flags.map((flag) => (
            <tr key={flag.raised}>
              <td className="num">{f.date(flag.raised)}</td>
              <td className="num">{flag.lowered ? f.date(flag.lowered) : w.stillUp}</td>
              <td>{w.outcomes[flag.outcome]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
