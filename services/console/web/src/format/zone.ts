// Days are those of the company, not of the browser: an agent abroad sees the same "yesterday" as the shop.
export const zone = 'Asia/Seoul';

const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });

export const day = 86_400_000;

/** The calendar day of an instant in the company's zone, YYYY-MM-DD. */
export function dayOf(instant: Date | number): string {
  return parts.format(instant);
}

/** The number of a calendar day, so that days can be subtracted. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / day;
}

/** How many calendar days lie between two instants; negative if b is earlier than a. */
export function daysBetween(a: Date | number, b: Date | number): number {
  return dayNumber(dayOf(b)) - dayNumber(dayOf(a));
}
