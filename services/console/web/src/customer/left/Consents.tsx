import { Check, X } from 'lucide-react';
import type { Consent } from '../../api/types';
import { useSpeech, word, type Dict } from '../../i18n';
import { Section } from '../../ui/Section';

/** 문자(SMS) for marketing, which is what people mean by consent; the purpose is said for every other one. */
function nameOf({ purpose, medium }: Consent, t: Dict): string {
  if (purpose === 'marketing') return word(t.media, medium || '*');
  const name = word(t.purposes, purpose);
  return medium && medium !== '*' ? `${name} · ${word(t.media, medium)}` : name;
}

/** What may be sent, and how. */
export function Consents({ consents }: { consents: Consent[] }) {
  const { t, f } = useSpeech();
  return (
    <Section title={t.left.consents}>
      {consents.length === 0 && <p className="none">{t.left.noConsents}</p>}
      <ul className="consents">
        {consents.map((consent) => (
          <li key={`${consent.purpose}/${consent.medium}`} className={consent.given ? '' : 'no'} title={`${f.date(consent.time)} · ${consent.source}`}>
            {consent.given ? <Check size={13} aria-hidden /> : <X size={13} aria-hidden />}
            {nameOf(consent, t)}
            <span>{consent.given ? t.left.agreed : t.left.refused}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
