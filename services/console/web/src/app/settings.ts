// What one person prefers on one browser. Address parameters win, so that a link can ask for a language or theme.
import { useSyncExternalStore } from 'react';
import type { Language } from '../i18n';

export interface Settings {
  language: Language;
  theme: 'light' | 'dark';
  singleKeys: boolean;
}

const storageKey = 'c360.settings';
const listeners = new Set<() => void>();

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Settings>;
  } catch {
    return {}; // storage is switched off, or holds what another version wrote
  }
}

function initial(): Settings {
  const asked = new URLSearchParams(location.search);
  const kept = stored();
  const language = asked.get('lang') ?? kept.language ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');
  const theme = asked.get('theme') ?? kept.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  return {
    language: language === 'en' ? 'en' : 'ko',
    theme: theme === 'dark' ? 'dark' : 'light',
    singleKeys: kept.singleKeys ?? true,
  };
}

let current: Settings | undefined;

export function settings(): Settings {
  return (current ??= initial());
}

export function change(some: Partial<Settings>): void {
  current = { ...settings(), ...some };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // without storage the choice lasts as long as the page
  }
  for (const tell of listeners) tell();
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribe, settings);
}
