// Why a row was found, with the part that matched marked. Of a telephone number only its ends and what was asked
// for are shown.
import { phone } from '../format/contact';
import type { Language } from '../format/formats';

export interface Piece {
  text: string;
  hit: boolean;
}

export function highlight(kind: string, value: string, query: string, language: Language): Piece[] {
  return kind === 'phone' ? ofPhone(phone(value, language), query) : ofText(value, query.trim());
}

const consonants = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';

/** The first consonants of a name: ㄱㅅㅇ for 김서연. */
function initials(name: string): string {
  return [...name].map((c) => consonants[Math.floor((c.charCodeAt(0) - 0xac00) / 588)] ?? c).join('');
}

function ofText(value: string, query: string): Piece[] {
  const literal = value.toLowerCase().indexOf(query.toLowerCase());
  const at = !query ? -1 : literal >= 0 ? literal : initials(value).indexOf(query);
  if (at < 0) return [{ text: value, hit: false }];
  const pieces = [
    { text: value.slice(0, at), hit: false },
    { text: value.slice(at, at + query.length), hit: true },
    { text: value.slice(at + query.length), hit: false },
  ];
  return pieces.filter((piece) => piece.text);
}

/** Marks the digits that were asked for, and hides the other ones in the middle. */
function ofPhone(shown: string, query: string): Piece[] {
  const places = [...shown].flatMap((c, i) => (/\d/.test(c) ? [i] : []));
  const all = places.map((i) => shown[i]).join('');
  const asked = query.replace(/\D/g, '').replace(/^82/, '');
  const from = asked ? all.lastIndexOf(asked) : -1;
  const hits = new Set(from < 0 ? [] : places.slice(from, from + asked.length));
  const open = new Set([...places.slice(0, 3), ...places.slice(-4), ...hits]);
  const pieces: Piece[] = [];
  [...shown].forEach((c, i) => {
    const text = /\d/.test(c) && !open.has(i) ? '•' : c;
    const hit = hits.has(i) || (c === '-' && hits.has(i - 1) && hits.has(i + 1));
    const last = pieces.at(-1);
    if (last && last.hit === hit) last.text += text;
    else pieces.push({ text, hit });
  });
  return pieces;
}
