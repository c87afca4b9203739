import type { TierOf } from '../../api/value';
import { useSpeech, word } from '../../i18n';
import { vars } from '../../ui/vars';

/** The tier by what counts now, where it differs from the one the customer is called by; and how far it is to the next tier, by what counts for it: money, or orders. */
export function NextTier({ tier, called, currency }: { tier: TierOf; called: string; currency: string }) {
  const { t, f } = useSpeech();
  const byMoney = tier.missing_revenue > 0;
  const [has, lacks] = byMoney ? [tier.revenue, tier.missing_revenue] : [tier.orders, tier.missing_orders];
  const left = byMoney ? f.money(lacks, currency) : t.left.ordersMore(lacks);
  return (
    <div className="next-tier">
      <i style={vars({ '--w': has + lacks > 0 ? has / (has + lacks) : 0 })} />
      {tier.tier !== called && <span>{t.left.tierNow(tier.tier ? word(t.tiers, tier.tier) : t.customer.never)}</span>}
      <span>{t.left.toTier(word(t.tiers, tier.next))} <b className="num">{left}</b></span>
    </div>
  );
}
