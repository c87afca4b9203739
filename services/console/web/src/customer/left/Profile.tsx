import { Cake, Clock, Languages, MapPin, Store, type LucideIcon } from 'lucide-react';
import type { Customer } from '../../api/types';
import { daysToBirthday } from '../../format/person';
import { dayNumber } from '../../format/zone';
import { useSpeech, word, type Speech } from '../../i18n';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';
import { traitText, valueText } from '../traits';
import { NextTier } from './NextTier';

interface Fact {
  Icon: LucideIcon;
  name: string;
  value: string;
  /** Something near, such as a birthday next week. */
  soon?: string;
}

/** Traits that have a place of their own on the page. */
const placed = new Set([
  'name', 'given_name', 'family_name', 'email', 'phone', 'birth_date', 'birth_lunar', 'gender', 'city', 'district',
  'address', 'joined_on', 'tier', 'home_store', 'language',
]);

/** A birthday is worth saying when something can still be done about it. */
const soonDays = 31;

export function Profile({ customer }: { customer: Customer }) {
  const speech = useSpeech();
  const { t } = speech;
  const now = useNow();
  const facts = factsOf(customer, now, speech);
  const tier = traitText(customer, 'tier');
  return (
    <Section title={t.customer.profile}>
      {facts.length === 0 && <p className="none">{t.left.unknown}</p>}
      <dl className="facts">
        {facts.map(({ Icon, name, value, soon }) => (
          <div key={name}>
            <dt><Icon size={14} aria-hidden />{name}</dt>
            <dd>{value}{soon && <em>{soon}</em>}</dd>
          </div>
        ))}
      </dl>
      {tier && <p className="tier"><span>{t.left.tier}</span> <b>{word(t.tiers, tier)}</b></p>}
      {customer.value?.tier?.next && <NextTier tier={customer.value.tier} called={tier} currency={customer.value.currency} />}
      <Others customer={customer} />
    </Section>
  );
}

function factsOf(customer: Customer, now: number, { t, f, language }: Speech): Fact[] {
  const joined = traitText(customer, 'joined_on');
  const spoken = traitText(customer, 'language');
  const address = traitText(customer, 'address') || [traitText(customer, 'city'), traitText(customer, 'district')].filter(Boolean).join(' ');
  const facts = [
    birthday(customer, now, { t, f }),
    joined ? { Icon: Clock, name: t.left.joined, value: f.month(joined) || joined }
      : { Icon: Clock, name: t.left.firstSeen, value: customer.first_seen ? f.date(customer.first_seen) : '' },
    { Icon: Store, name: t.left.homeStore, value: traitText(customer, 'home_store') },
    { Icon: MapPin, name: t.left.address, value: address },
    { Icon: Languages, name: t.left.language, value: spoken && spoken !== language ? languageName(spoken, language) : '' },
  ];
  return facts.filter((fact) => fact.value);
}

function birthday(customer: Customer, now: number, { t, f }: Pick<Speech, 't' | 'f'>): Fact {
  const date = traitText(customer, 'birth_date');
  const days = daysToBirthday(date, now);
  const lunar = customer.traits.birth_lunar?.value === true;
  if (days === null) return { Icon: Cake, name: t.left.birthday, value: '' };
  const value = f.monthDayLong(dayNumber(date) * 86_400_000);
  if (lunar) return { Icon: Cake, name: t.left.birthday, value: `${value} (${t.left.lunar})` };
  return { Icon: Cake, name: t.left.birthday, value, ...(days <= soonDays && { soon: t.left.inDays(days) }) };
}

function languageName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: 'language' }).of(code) ?? code;
  } catch {
    return code; // a source may send anything
  }
}

/** Whatever else sources told, under its own name. */
function Others({ customer }: { customer: Customer }) {
  const { t } = useSpeech();
  const others = Object.entries(customer.traits).filter(([name]) => !placed.has(name));
  if (others.length === 0) return null;
  return (
    <details className="others">
      <summary>{t.left.other} <span className="num">{others.length}</span></summary>
      <dl>
        {others.map(([name, trait]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{valueText(trait.value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
