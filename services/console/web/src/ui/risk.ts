// How a risk of 0 to 100 is said and coloured. A flag goes up at 50, so "high" is what is flagged.
import type { Dict } from '../i18n';

export type Level = 'high' | 'middle' | 'low';

export const flagAt = 50;

export function levelOf(risk: number): Level {
  return risk >= flagAt ? 'high' : risk >= 25 ? 'middle' : 'low';
}

export function riskWord(risk: number, t: Dict): string {
  return t.risk[levelOf(risk)];
}
