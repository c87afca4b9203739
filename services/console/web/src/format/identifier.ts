import { maskEmail, maskPhone, phone } from './contact';
import type { Language } from './formats';

/** Personal values are hidden until somebody asks; ids of devices are shortened, since nobody reads them out. */
export function identifierText(kind: string, value: string, language: Language, revealed: boolean): string {
  switch (kind) {
    case 'phone': {
      const shown = phone(value, language);
      return revealed ? shown : maskPhone(shown);
    }
    case 'email':
      return revealed ? value : maskEmail(value);
    case 'anonymous_id':
    case 'device':
      return value.length > 14 ? `${value.slice(0, 6)}…${value.slice(-4)}` : value;
    default:
      return value;
  }
}
