import { CreditCard, Fingerprint, Globe, Mail, Smartphone, UserRound, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Identifier } from '../../api/types';
import { identifierText } from '../../format/identifier';
import { useSpeech, word } from '../../i18n';
import { Section } from '../../ui/Section';
import type { Reveal } from '../useReveal';

const icons: Record<string, LucideIcon> = {
  phone: Smartphone, email: Mail, loyalty_id: CreditCard, card: CreditCard, user_id: UserRound, anonymous_id: Globe, device: Smartphone,
};

/** One browser may leave dozens of ids behind; the first few tell the story. */
const few = 6;

interface Props {
  identifiers: Identifier[];
  reveal: Reveal;
  showEvidence: () => void;
}

/** By what this person is known, how well it is proven, and the way to the evidence. */
export function Identifiers({ identifiers, reveal, showEvidence }: Props) {
  const { t } = useSpeech();
  const [all, setAll] = useState(false);
  const shown = all ? identifiers : identifiers.slice(0, few);
  const why = identifiers.length > 0 && <button className="link" onClick={showEvidence}>{t.left.evidence}</button>;
  return (
    <Section title={t.left.identifiers} count={identifiers.length} aside={why}>
      {identifiers.length === 0 && <p className="none">{t.left.noIdentifiers}</p>}
      <ul className="identifiers">
        {shown.map((identifier) => <One key={`${identifier.kind}:${identifier.value}`} identifier={identifier} reveal={reveal} />)}
      </ul>
      {shown.length < identifiers.length && (
        <button className="link" onClick={() => setAll(true)}>{t.left.moreIdentifiers(identifiers.length - shown.length)}</button>
      )}
    </Section>
  );
}

function One({ identifier, reveal }: { identifier: Identifier; reveal: Reveal }) {
  const { t, language } = useSpeech();
  const Icon = icons[identifier.kind] ?? Fingerprint;
  return (
    <li className={identifier.inert ? 'inert' : ''} title={identifier.inert ? t.left.inert : undefined}>
      <Icon size={13} role="img" aria-label={word(t.kinds, identifier.kind)} />
      <b className="num">{identifierText(identifier.kind, identifier.value, language, reveal.on)}</b>
      <span>{identifier.inert ? t.left.inert : t.grades[identifier.grade]}</span>
    </li>
  );
}
