import type { Recommendation } from '../../api/types';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';

export function Recommendations({ items }: { items: Recommendation[] }) {
  const { t, f, say } = useSpeech();
  return (
    <Section title={t.right.recommendations}>
      <ul className="recommendations">
        {items.map((item) => (
          <li key={item.sku}>
            <div>
              <b lang="ko">{item.name}</b>
              {item.reason && <span>{say(item.reason)}</span>}
            </div>
            {item.price !== undefined && <em className="num">{f.money(item.price, item.currency ?? 'KRW')}</em>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
