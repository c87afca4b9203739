import { dayNumber, dayOf } from './zone';

const isDate = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The age on a day, or null if the birth date cannot be read. */
export function age(birthDate: string, now: number): number | null {
  const born = isDate.exec(birthDate);
  if (!born) return null;
  const today = dayOf(now);
  const years = Number(today.slice(0, 4)) - Number(born[1]);
  return today.slice(5) < birthDate.slice(5) ? years - 1 : years;
}

/** Days until the next birthday; a 29 February is kept on 1 March in other years. */
export function daysToBirthday(birthDate: string, now: number): number | null {
  if (!isDate.test(birthDate)) return null;
  const today = dayOf(now);
  const year = Number(today.slice(0, 4));
  const next = [year, year + 1]
    .map((y) => Date.UTC(y, Number(birthDate.slice(5, 7)) - 1, Number(birthDate.slice(8))) / 86_400_000)
    .find((n) => n >= dayNumber(today));
  return next === undefined ? null : next - dayNumber(today);
}
