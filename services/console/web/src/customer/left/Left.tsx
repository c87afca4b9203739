import type { Customer } from '../../api/types';
import { Guard } from '../../ui/Guard';
import type { Reveal } from '../useReveal';
import { Consents } from './Consents';
import { Identifiers } from './Identifiers';
import { Notes } from './Notes';
import { Profile } from './Profile';
import { Segments } from './Segments';

interface Props {
  customer: Customer;
  reveal: Reveal;
  showEvidence: () => void;
  /** Opens what is behind a segment. */
  showWhy: (what: string) => void;
}

/** What is known about the person, the most binding first. */
export function Left({ customer, reveal, showEvidence, showWhy }: Props) {
  return (
    <>
      <Guard><Notes notes={customer.notes} /></Guard>
      <Guard><Profile customer={customer} /></Guard>
      <Guard><Segments segments={customer.segments} showWhy={(name) => showWhy(name ? `segments/${name}` : 'segments')} /></Guard>
      <Guard><Consents consents={customer.consents} /></Guard>
      <Guard><Identifiers identifiers={customer.identifiers} reveal={reveal} showEvidence={showEvidence} /></Guard>
    </>
  );
}
