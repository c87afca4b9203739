import type { FlagCost } from '../api/churn';
import { useWords } from './words';

/** What a contact costs and what keeping a customer is worth: only the company knows. */
export function CostFields({ cost, setCost }: { cost: FlagCost; setCost: (cost: FlagCost) => void }) {
  const w = useWords();
  const field = (name: keyof FlagCost) => (
    <label>
      {w[name]}
      <input type="number" inputMode="numeric" min={0} step={name === 'contact' ? 500 : 5_000} value={cost[name]} onChange={(e) => setCost({ ...cost, [name]: Math.max(0, Number(e.target.value) || 0) })} />
    </label>
  );
  return <div className="cost-fields">{field('contact')}{field('saved')}</div>;
}
