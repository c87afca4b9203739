import { createContext, use } from 'react';
import { formats, type Formats, type Language } from '../format/formats';
import type { Text } from '../api/types';
import { en } from './en';
import { ko, type Dict } from './ko';

export type { Dict, Language };

/** What a component needs to speak: the texts, the formats, and a way to read texts that the API wrote. */
export interface Speech {
  language: Language;
  t: Dict;
  f: Formats;
  say(text: Text): string;
}

export function speech(language: Language): Speech {
  return {
    language,
    t: language === 'ko' ? ko : en,
    f: formats(language),
    say: (text) => text[language] || text.ko || text.en,
  };
}

export const SpeechContext = createContext<Speech>(speech('ko'));

export function useSpeech(): Speech {
  return use(SpeechContext);
}

/** A code in words, or the code itself when nobody listed it: sources may send any. */
export function word(words: Record<string, string>, code: string): string {
  return (Object.hasOwn(words, code) ? words[code] : undefined) ?? code;
}
