import type { Customer } from '../../api/types';
import { Guard } from '../../ui/Guard';
import { Cases } from './Cases';
import { ChurnPanel } from './Churn';
import { Recommendations } from './Recommendations';
import { Rhythm } from './Rhythm';
import { Totals } from './Totals';
import { Value } from './Value';

interface Props {
  customer: Customer;
  /** The moment shown, empty for now. */
  asOf: string;
  /** Opens what is behind a panel. */
  showWhy: (what: string) => void;
}

/** What to know before acting. */
export function Right({ customer, asOf, showWhy }: Props) {
  return (
    <>
      <Guard><Cases cases={customer.cases} /></Guard>
      <Guard><ChurnPanel id={customer.id} churn={customer.churn} asOf={asOf} showWhy={() => showWhy('churn')} /></Guard>
      <Guard><Value id={customer.id} asOf={asOf} totals={customer.totals} value={customer.value} showWhy={() => showWhy('value')} /></Guard>
      <Guard><Recommendations items={customer.recommendations} note={customer.recommendations_note} showWhy={() => showWhy('offers')} /></Guard>
      <Guard><Rhythm rhythm={customer.rhythm} /></Guard>
      <Guard><Totals totals={customer.totals} /></Guard>
    </>
  );
}
