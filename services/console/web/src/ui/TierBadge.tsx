import { BadgeCheck } from 'lucide-react';
import { useSpeech, word } from '../i18n';

export function TierBadge({ tier }: { tier: string }) {
  const { t } = useSpeech();
  return (
    <span className="tier-badge">
      <BadgeCheck size={14} aria-hidden />
      {word(t.tiers, tier)}
    </span>
  );
}
