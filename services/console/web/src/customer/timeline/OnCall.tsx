import { useSpeech } from '../../i18n';
import { useClock } from '../../ui/useClock';

/** How long the call has been going on. The bars are the only thing on the page that moves by itself. */
export function OnCall({ since }: { since: string }) {
  const { t } = useSpeech();
  return (
    <span className="on-call">
      <i /><i /><i /><i />
      {t.timeline.onCall} {useClock(since)}
    </span>
  );
}
