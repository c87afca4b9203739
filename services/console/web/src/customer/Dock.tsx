import { ArrowUp, CalendarDays, Search } from 'lucide-react';
import { useRef } from 'react';
import { dayOf } from '../format/zone';
import { useSpeech } from '../i18n';
import { useParam } from '../ui/address';

/** What a thumb reaches on a phone. Actions come here as they come into being. */
export function Dock({ jump }: { jump: (date: string) => void }) {
  const { t } = useSpeech();
  const [, setFind] = useParam('find');
  const date = useRef<HTMLInputElement>(null);
  const toTop = () => document.getElementById('main')?.scrollTo({ top: 0 });
  return (
    <div className="dock">
      <button className="btn pri" onClick={() => setFind('')}><Search size={17} aria-hidden />{t.customer.search}</button>
      <span className="date-jump">
        <button className="btn" onClick={() => date.current?.showPicker()}><CalendarDays size={17} aria-hidden />{t.customer.jump}</button>
        <input ref={date} type="date" tabIndex={-1} aria-label={t.customer.jump} max={dayOf(Date.now())} onChange={(e) => e.target.value && jump(e.target.value)} />
      </span>
      <button className="btn" onClick={toTop}><ArrowUp size={17} aria-hidden />{t.customer.toNow}</button>
    </div>
  );
}
