import { History } from 'lucide-react';
import { useRef } from 'react';
import { day, dayOf } from '../format/zone';
import { useSpeech } from '../i18n';
import type { AsOf } from './useAsOf';

/** Chooses the day that the whole page is shown as of. */
export function AsOfField({ asOf }: { asOf: AsOf }) {
  const { t } = useSpeech();
  const input = useRef<HTMLInputElement>(null);
  return (
    <span className="date-jump">
      <button className="btn xs" onClick={() => input.current?.showPicker()} aria-keyshortcuts="[ ]" title={`${t.past.choose} · ${t.past.keys}`}>
        <History size={12} aria-hidden />
        {t.past.short}
      </button>
      <input
        ref={input}
        type="date"
        tabIndex={-1}
        aria-label={t.past.choose}
        value={asOf.date}
        max={dayOf(Date.now() - day)}
        onChange={(e) => asOf.go(e.target.value)}
      />
    </span>
  );
}
