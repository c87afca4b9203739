import type { Customer } from '../../api/types';
import { Guard } from '../../ui/Guard';
import { Cases } from './Cases';
import { ChurnPanel } from './Churn';
import { Recommendations } from './Recommendations';
import { Rhythm } from './Rhythm';
import { Totals } from './Totals';
import { Value } from './Value';

/** What to know before acting. Panels of what c360 cannot tell yet are absent, not empty. */
export function Right({ customer }: { customer: Customer }) {
  return (
    <>
      <Guard><Cases cases={customer.cases} /></Guard>
      {customer.churn && <Guard><ChurnPanel churn={customer.churn} /></Guard>}
      <Guard><Value totals={customer.totals} /></Guard>
      <Guard><Rhythm rhythm={customer.rhythm} /></Guard>
      <Guard><Totals totals={customer.totals} /></Guard>
      {customer.recommendations.length > 0 && <Guard><Recommendations items={customer.recommendations} /></Guard>}
    </>
  );
}
