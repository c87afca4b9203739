import { CalendarDays } from 'lucide-react';
import { useRef } from 'react';
import { dayOf } from '../../format/zone';
import { useSpeech } from '../../i18n';

/** Goes to a day: the way into the past for those who neither drag nor aim. */
export function JumpField({ jump }: { jump: (date: string) => void }) {
  const { t } = useSpeech();
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className="date-jump">
      <button className="ghost" onClick={() => input.current?.showPicker()} aria-label={t.timeline.jump} title={t.timeline.jump}>
        <CalendarDays size={15} aria-hidden />
      </button>
      <input
        ref={input}
        type="date"
        tabIndex={-1}
        aria-label={t.timeline.jump}
        max={dayOf(Date.now())}
        onChange={(e) => e.target.value && jump(e.target.value)}
      />
    </span>
  );
}
