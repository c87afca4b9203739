import type { CustomerSegment } from '../../api/segments';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';

/** An entry of the last hours is news, and is marked as such. */
const news = 24 * 3_600_000;

interface Props {
  segments: CustomerSegment[];
  /** Opens why the customer is in a segment; without a name, what every segment says. */
  showWhy: (name?: string) => void;
}

/** The segments the customer is in; each opens its reasons. */
export function Segments({ segments, showWhy }: Props) {
  const { t, f, say } = useSpeech();
  const now = useNow();
  const inside = segments.filter((segment) => segment.in).sort((a, b) => (b.since ?? '').localeCompare(a.since ?? ''));
  return (
    <Section title={t.left.segments} count={inside.length} aside={<button className="link" onClick={() => showWhy()}>{t.left.allSegments}</button>}>
      {inside.length === 0 && <p className="none">{t.left.noSegments}</p>}
      <ul className="segments">
        {inside.map(({ name, title, since }) => (
          <li key={name}>
            <button onClick={() => showWhy(name)} title={t.left.whyIn}>
              {since && now - Date.parse(since) < news && <i role="img" aria-label={t.left.justIn} />}
              {say(title) || name}
            </button>
            {since && <span>{f.ago(since, now)}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
