import { Phone } from 'lucide-react';
import { createPortal } from 'react-dom';
import { maskPhone, phone } from '../format/contact';
import { useSpeech } from '../i18n';
import { useClock } from '../ui/useClock';

/** Says in the top bar that this customer is on the phone, and since when. */
export function CallPill({ since, number }: { since: string; number: string | undefined }) {
  const { t, language } = useSpeech();
  const time = useClock(since);
  const slot = document.getElementById('top-slot');
  return slot && createPortal(
    <span className="call-pill">
      <Phone size={14} aria-hidden />
      <b>{t.timeline.onCall}</b>
      <span className="num">{time}</span>
      {number && <span className="who num">{maskPhone(phone(number, language))}</span>}
    </span>,
    slot,
  );
}
