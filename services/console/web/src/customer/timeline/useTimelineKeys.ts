import { useEffect, useEffectEvent, type RefObject } from 'react';
import { settings } from '../../app/settings';
import { isModal } from '../../app/useShellKeys';
import { lanes, type Lane } from '../../ui/channel';
import { isTyping, keyName } from '../../ui/keys';
import type { ListHandle } from './List';

interface Commands {
  list: RefObject<ListHandle | null>;
  setLane: (lane: Lane | null) => void;
  showEvidence: () => void;
}

/** The keys of the customer page. */
export function useTimelineKeys({ list, setLane, showEvidence }: Commands): void {
  const act = useEffectEvent((name: string): boolean => {
    const digit = /^[0-6]$/.test(name) ? Number(name) : -1;
    if (digit >= 0) setLane([...lanes, 'other' as const][digit - 1] ?? null);
    else if (name === 'j') list.current?.step(1);
    else if (name === 'k') list.current?.step(-1);
    else if (name === 'x') list.current?.toggle();
    else if (name === 't') list.current?.toTop();
    else if (name === 'e') showEvidence();
    else return false;
    return true;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (isTyping(event.target) || isModal() || !settings().singleKeys) return;
      if (act(keyName(event))) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}
