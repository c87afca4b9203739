import { CreditCard, Eye, EyeOff, Mail, Smartphone } from 'lucide-react';
import type { Customer } from '../api/types';
import { age } from '../format/person';
import { identifierText } from '../format/identifier';
import { useSpeech, word, type Speech } from '../i18n';
import { TierBadge } from '../ui/TierBadge';
import { useNow } from '../ui/useNow';
import { contacts, traitText } from './traits';
import type { Reveal } from './useReveal';
import { Vitals } from './Vitals';

const icons = { phone: Smartphone, email: Mail, loyalty_id: CreditCard };

interface Props {
  customer: Customer;
  reveal: Reveal;
  /** "14:31 기준", when what is shown is older than it should be. */
  stale: string;
}

/** Who this is, at a glance. */
export function Header({ customer, reveal, stale }: Props) {
  const speech = useSpeech();
  const now = useNow();
  const tier = traitText(customer, 'tier');
  return (
    <section className="hdr">
      <div className="who">
        <span className="avatar" aria-hidden>{customer.initials || '·'}</span>
        <div>
          <h1>
            <span lang="ko">{customer.name || speech.t.home.noName}</span>
            {tier && <TierBadge tier={tier} />}
            <span className="about">{about(customer, now, speech)}</span>
            {stale && <span className="stale">{stale}</span>}
          </h1>
          <Contacts customer={customer} reveal={reveal} />
        </div>
      </div>
      <Vitals customer={customer} />
    </section>
  );
}

/** 36세 · 여성 · 서울 강남구 */
function about(customer: Customer, now: number, { t }: Speech): string {
  const years = age(traitText(customer, 'birth_date'), now);
  const gender = traitText(customer, 'gender');
  const place = [traitText(customer, 'city'), traitText(customer, 'district')].filter(Boolean).join(' ');
  return [years === null ? '' : t.customer.age(years), gender && word(t.gender, gender), place].filter(Boolean).join(' · ');
}

function Contacts({ customer, reveal }: { customer: Customer; reveal: Reveal }) {
  const { t, language } = useSpeech();
  const shown = (Object.keys(icons) as (keyof typeof icons)[]).flatMap((kind) => contacts(customer, kind).slice(0, 1));
  const Reveal = reveal.on ? EyeOff : Eye;
  const hideable = shown.findLastIndex(({ kind }) => kind !== 'loyalty_id');
  return (
    <p className="contacts">
      {shown.map(({ kind, value }, i) => {
        const Icon = icons[kind as keyof typeof icons];
        return (
          <span key={kind} className="num">
            <Icon size={13} aria-hidden />
            {identifierText(kind, value, language, reveal.on)}
            {i === Math.min(0, hideable) && (
              <button className="eye" onClick={reveal.toggle} aria-pressed={reveal.on} aria-label={t.customer.reveal} title={t.customer.reveal}>
                <Reveal size={14} aria-hidden />
              </button>
            )}
          </span>
        );
      })}
    </p>
  );
}
