import { RotateCw } from 'lucide-react';
import type { OfferBrief } from '../../api/offers';
import type { Text } from '../../api/types';
import { dayNumber } from '../../format/zone';
import { useSpeech } from '../../i18n';
import { Section } from '../../ui/Section';

interface Props {
  items: OfferBrief[];
  /** Why there are none. */
  note: Text | null | undefined;
  showWhy: () => void;
}

/** What to offer next, each with its reason; what is due to be bought again says since when. */
export function Recommendations({ items, note, showWhy }: Props) {
  const { t, say } = useSpeech();
  const why = items.length > 0 && <button className="link" onClick={showWhy}>{t.right.why}</button>;
  return (
    <Section title={t.right.recommendations} aside={why}>
      {items.length === 0 && <p className="none">{note ? say(note) : t.right.noOffers}</p>}
      <ul className="recommendations">{items.map((item) => <One key={`${item.kind} ${item.sku} ${item.category}`} item={item} />)}</ul>
    </Section>
  );
}

function One({ item }: { item: OfferBrief }) {
  const { t, f, say } = useSpeech();
  return (
    <li>
      <div>
        <b lang="ko">{item.name || item.category || item.sku}</b>
        {item.kind === 'again' && <em className="again"><RotateCw size={11} aria-hidden />{t.right.again(item.due_on ? f.monthDayLong(dayNumber(item.due_on) * 86_400_000) : '')}</em>}
        <span>{say(item.reason)}</span>
      </div>
      {item.price > 0 && <span className="price num">{f.money(item.price, item.currency || 'KRW')}</span>}
    </li>
  );
}
