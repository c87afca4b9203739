import type { CustomerRow } from '../api/types';
import { maskEmail, maskPhone, phone } from '../format/contact';
import { useSpeech, word } from '../i18n';
import { laneIcons, laneOf } from '../ui/channel';
import { TierBadge } from '../ui/TierBadge';
import { useNow } from '../ui/useNow';
import { laneColour } from '../ui/vars';
import { highlight } from './highlight';

/** One found customer: who it is, why it was found, and when it was last heard of. */
export function ResultRow({ customer, query }: { customer: CustomerRow; query: string }) {
  const { t, f } = useSpeech();
  const now = useNow();
  const Icon = customer.last_channel ? laneIcons[laneOf(customer.last_channel)] : null;
  return (
    <>
      <span className="r-name">
        <b lang="ko">{customer.name || t.home.noName}</b>
        {customer.tier && <TierBadge tier={customer.tier} />}
        {customer.city && <span className="sub">{customer.city}</span>}
      </span>
      <span className="r-why"><Why customer={customer} query={query} /></span>
      <span className="r-seen">
        {Icon && customer.last_channel && (
          <i className="lane-icon" style={laneColour(laneOf(customer.last_channel))}>
            <Icon size={13} role="img" aria-label={t.channels[laneOf(customer.last_channel)]} />
          </i>
        )}
        {customer.last_seen && <time dateTime={customer.last_seen}>{f.ago(customer.last_seen, now)}</time>}
      </span>
    </>
  );
}

function Why({ customer, query }: { customer: CustomerRow; query: string }) {
  const { t, language } = useSpeech();
  const match = query ? customer.matched : null;
  if (!match) return <Contact customer={customer} />;
  return (
    <>
      <em>{word(t.kinds, match.kind)}</em>{' '}
      <span className="num">
        {highlight(match.kind, match.value, query, language).map((piece, i) => (piece.hit ? <mark key={i}>{piece.text}</mark> : piece.text))}
      </span>
      {!match.proven && <span className="unproven">{t.search.unproven}</span>}
    </>
  );
}

function Contact({ customer }: { customer: CustomerRow }) {
  const { language } = useSpeech();
  if (customer.phone) return <span className="num">{maskPhone(phone(customer.phone, language))}</span>;
  return <span>{customer.email && maskEmail(customer.email)}</span>;
}
