import { useEffect, useEffectEvent } from 'react';
import { settings } from '../app/settings';
import { isModal } from '../app/useShellKeys';
import { day, dayNumber, dayOf } from '../format/zone';
import { useParam } from '../ui/address';
import { isTyping, keyName } from '../ui/keys';

const isDate = /^\d{4}-\d{2}-\d{2}$/;

export interface AsOf {
  /** The day at whose end the page stands, YYYY-MM-DD; empty for now. */
  date: string;
  /** The last instant of that day, null for now. */
  end: number | null;
  go: (date: string) => void;
}

/** The day in the address (?asof=), and the keys [ and ] that move it by a week. */
export function useAsOf(): AsOf {
  const [asked, set] = useParam('asof');
  const date = asked && isDate.test(asked) && asked < dayOf(Date.now()) ? asked : '';
  const go = (to: string) => set(to && to < dayOf(Date.now()) ? to : null);
  const step = useEffectEvent((days: number) => {
    const from = dayNumber(date || dayOf(Date.now()));
    go(new Date((from + days) * day).toISOString().slice(0, 10));
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const name = keyName(event);
      if ((name !== '[' && name !== ']') || isTyping(event.target) || isModal() || !settings().singleKeys) return;
      event.preventDefault();
      step(name === '[' ? -7 : 7);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  return { date, end: date ? Date.parse(`${date}T23:59:59+09:00`) : null, go };
}
