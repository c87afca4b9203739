import { useCustomerChurn } from '../../api/askChurn';
import { useSpeech } from '../../i18n';

/** How often a policy was right on past days, beside plain recency; nothing while nobody knows. */
export function Worth({ id, asOf, policy }: { id: string; asOf: string; policy: string }) {
  const { t, f } = useSpeech();
  const { data } = useCustomerChurn(id, asOf);
  const worth = data?.flags.find((flag) => flag.policy.name === policy)?.policy.measured;
  return worth && <em>{t.right.precision(f.percent(worth.precision), f.percent(worth.recency.precision))}</em>;
}
