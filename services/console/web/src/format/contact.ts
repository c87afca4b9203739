// Telephone numbers and mail addresses as people read them, and hidden from whoever looks over the shoulder.
import type { Language } from './formats';

const dot = '•';

/** Korean numbers are stored as +82…; at home they are said with a zero. */
export function phone(e164: string, language: Language): string {
  const national = /^\+82(\d{7,11})$/.exec(e164)?.[1];
  if (!national) return e164;
  if (/^1[5-8]\d{6}$/.test(national)) return `${national.slice(0, 4)}-${national.slice(4)}`; // 1588-0000 has no area code
  const grouped = group(`0${national}`);
  return language === 'ko' ? grouped : `+82 ${grouped.slice(1)}`;
}

function group(digits: string): string {
  const area = digits.startsWith('02') ? 2 : 3;
  const last = digits.length - 4;
  return `${digits.slice(0, area)}-${digits.slice(area, last)}-${digits.slice(last)}`;
}

/** 010-••••-7730: enough to confirm a number with its owner, not enough to call it. */
export function maskPhone(shown: string): string {
  const pieces = shown.split('-');
  if (pieces.length < 3) return shown.slice(0, 3) + dot.repeat(4) + shown.slice(-4);
  return [...pieces.slice(0, -2), dot.repeat(4), pieces.at(-1)].join('-');
}

/** seoyeon.k@••••.com, the first letters and the kind of domain. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 1) return dot.repeat(4);
  const name = email.slice(0, at);
  const end = email.slice(at + 1).split('.').at(-1);
  const seen = name.slice(0, Math.max(1, Math.min(3, name.length - 1)));
  return `${seen}${dot.repeat(3)}@${dot.repeat(4)}.${end}`;
}
