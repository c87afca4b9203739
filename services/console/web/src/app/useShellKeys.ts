import { useEffect, useEffectEvent } from 'react';
import { isTyping, keyName } from '../ui/keys';
import { useGo } from '../ui/address';
import { settings } from './settings';

interface Commands {
  search: () => void;
  help: () => void;
}

/** Time within which the second key of "g c" must follow. */
const pairPause = 1_200;

/** The keys that work on every page. Single letters rest while somebody types or has switched them off. */
export function useShellKeys({ search, help }: Commands): void {
  const go = useGo();
  const act = useEffectEvent((name: string, afterG: boolean): boolean => {
    if (name === 'mod+k' || name === '/') search();
    else if (name === '?') help();
    else if (name === '.') void navigator.clipboard?.writeText(location.href);
    else if (afterG && name === 'c') go('/');
    else if (afterG && name === 's') go('/segments');
    else if (afterG && name === 'a') go('/analytics/churn');
    else if (afterG && name === 'o') go('/ops');
    else return false;
    return true;
  });

  useEffect(() => {
    let gAt = -Infinity;
    const listen = (event: KeyboardEvent) => {
      const name = keyName(event);
      if (name !== 'mod+k' && (isTyping(event.target) || !settings().singleKeys || isModal())) return;
      const afterG = event.timeStamp - gAt < pairPause;
      gAt = name === 'g' ? event.timeStamp : -Infinity;
      if (act(name, afterG)) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

/** While a sheet is open its own keys count, and nothing behind it moves. */
export function isModal(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
