import { History } from 'lucide-react';
import { useSpeech } from '../i18n';
import { dayNumber } from '../format/zone';

/** Says that the page stands in the past, and leads back. */
export function PastBar({ date, toNow }: { date: string; toNow: () => void }) {
  const { t, f } = useSpeech();
  return (
    <p className="past-bar" role="status">
      <History size={15} aria-hidden />
      <b>{t.past.title(f.date(dayNumber(date) * 86_400_000))}</b>
      <span>{t.past.hint}</span>
      <button className="btn xs pri" onClick={toNow}>{t.customer.toNow}</button>
    </p>
  );
}
