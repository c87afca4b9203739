import { Link } from 'wouter';
import { useCustomers } from '../api/queries';
import { useSpeech } from '../i18n';
import { ResultRow } from '../search/ResultRow';
import { customerPath } from '../ui/address';
import { Section } from '../ui/Section';

const shown = 12;

/** Those who were last heard of, by name: somebody who knows nobody yet begins here. */
export function Recent() {
  const { t } = useSpeech();
  const { data } = useCustomers('', shown * 2);
  const named = (data?.customers ?? []).filter((customer) => customer.name).slice(0, shown);
  if (named.length === 0) return null;
  return (
    <Section title={t.home.recent}>
      <ul className="recent">
        {named.map((customer) => (
          <li key={customer.id}>
            <Link href={customerPath(customer.id)}><ResultRow customer={customer} query="" /></Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
