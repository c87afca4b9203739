import type { Segment } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';

export function Segments({ segments }: { segments: Segment[] }) {
  const { t, f } = useSpeech();
  const now = useNow();
  return (
    <Section title={t.left.segments} count={segments.length}>
      <ul className="segments">
        {segments.map(({ name, since }) => (
          <li key={name}>
            <b>{name}</b>
            {since && <span>{f.ago(since, now)}</span>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
