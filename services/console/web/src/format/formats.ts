// How numbers, money and times read in each language. Only Intl; made once per language, because making a
// formatter costs far more than using it.
import type { Dict } from '../i18n/ko';
import { dayOf, daysBetween, zone } from './zone';

export type Language = Dict['language'];
export type Instant = string | number | Date;

const minute = 60_000;
const hour = 60 * minute;

/** Sources may send anything as a date: what is no time is written as nothing. */
function write(format: Intl.DateTimeFormat, at: Instant): string {
  const time = new Date(at).getTime();
  return Number.isNaN(time) ? '' : format.format(time);
}

export interface Formats {
  money(amount: number, currency: string): string;
  number(n: number): string;
  decimal(n: number): string;
  /** 3.7, or <0.1 where a little is not nothing */
  few(n: number): string;
  /** 0.62 as 62% */
  percent(share: number): string;
  /** 1.2만, 12k */
  short(n: number): string;
  /** 14:32 */
  time(at: Instant): string;
  /** 11월 21일 (토) */
  day(at: Instant): string;
  /** 11. 21. */
  monthDay(at: Instant): string;
  /** 11월 21일 */
  monthDayLong(at: Instant): string;
  /** 2026년 11월 21일 */
  date(at: Instant): string;
  /** 2026년 7월 */
  month(at: Instant): string;
  /** 11월 */
  monthName(at: Instant): string;
  /** 2026년 11월 21일 14:32 */
  full(at: Instant): string;
  /** 지금, 58분 전, 어제, 11월 2일 */
  ago(at: Instant, now: number): string;
  /** 41분, 3시간, 2일 */
  span(milliseconds: number): string;
  /** 1분 40초 */
  seconds(n: number): string;
  /** 26년 3분기 */
  quarter(code: string): string;
}

function locale(language: Language): string {
  return language === 'ko' ? 'ko-KR' : 'en-GB';
}

function dates(language: Language) {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(language), { timeZone: zone, ...options });
  return {
    time: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: make({ month: 'long', day: 'numeric', weekday: 'short' }),
    monthDay: make({ month: 'numeric', day: 'numeric' }),
    shortDate: make({ month: 'short', day: 'numeric' }),
    monthDayLong: make({ month: language === 'ko' ? 'long' : 'short', day: 'numeric' }),
    date: make({ year: 'numeric', month: 'long', day: 'numeric' }),
    month: make({ year: 'numeric', month: 'long' }),
    monthName: make({ month: 'short' }),
    full: make({ year: 'numeric', month: 'long', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
  };
}

/** Whole units of a stretch of time, with the unit it is best said in. */
function inUnits(milliseconds: number): [number, 'day' | 'hour' | 'minute'] {
  if (milliseconds >= 48 * hour) return [Math.floor(milliseconds / (24 * hour)), 'day'];
  if (milliseconds >= 90 * minute) return [Math.floor(milliseconds / hour), 'hour'];
  return [Math.max(1, Math.floor(milliseconds / minute)), 'minute'];
}

function moneyOf(language: Language) {
  const byCurrency = new Map<string, Intl.NumberFormat>();
  const plain = new Intl.NumberFormat(locale(language), { maximumFractionDigits: 4 });
  return (amount: number, currency: string) => {
    let format = byCurrency.get(currency);
    if (!format) {
      try {
        format = new Intl.NumberFormat(locale(language), { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
      } catch {
        return `${plain.format(amount)} ${currency}`; // what a source sent is no currency code
      }
      byCurrency.set(currency, format);
    }
    return format.format(amount);
  };
}

function make(language: Language): Formats {
  const at = dates(language);
  const number = new Intl.NumberFormat(locale(language));
  const decimal = new Intl.NumberFormat(locale(language), { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale(language), { style: 'percent', maximumFractionDigits: 1 });
  const short = new Intl.NumberFormat(locale(language), { notation: 'compact', maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(locale(language), { numeric: 'auto', style: 'short' });
  const unit = (n: number, name: string) =>
    new Intl.NumberFormat(locale(language), { style: 'unit', unit: name, unitDisplay: language === 'ko' ? 'long' : 'short' }).format(n);

  return {
    money: moneyOf(language),
    number: (n) => number.format(n),
    decimal: (n) => decimal.format(n),
    few: (n) => (n > 0 && n < 0.1 ? `<${decimal.format(0.1)}` : decimal.format(n)),
    percent: (share) => percent.format(share),
    short: (n) => short.format(n),
    time: (t) => write(at.time, t),
    day: (t) => write(at.day, t),
    monthDay: (t) => write(at.monthDay, t),
    monthDayLong: (t) => write(at.monthDayLong, t),
    date: (t) => write(at.date, t),
    month: (t) => write(at.month, t),
    monthName: (t) => write(at.monthName, t),
    full: (t) => write(at.full, t),
    ago(t, now) {
      const then = new Date(t).getTime();
      if (Number.isNaN(then)) return '';
      const days = daysBetween(then, now);
      if (now - then < minute) return relative.format(0, 'second');
      if (now - then < 24 * hour) {
        const [n, name] = inUnits(Math.max(0, now - then));
        return relative.format(-n, name);
      }
      if (days <= 6) return relative.format(-days, 'day');
      const sameYear = dayOf(then).slice(0, 4) === dayOf(now).slice(0, 4);
      return sameYear ? at.shortDate.format(then) : at.date.format(then);
    },
    span(milliseconds) {
      const [n, name] = inUnits(milliseconds);
      return unit(n, name);
    },
    seconds(n) {
      const whole = Math.round(n);
      const [m, s] = [Math.floor(whole / 60), whole % 60];
      return [m > 0 ? unit(m, 'minute') : '', s > 0 || m === 0 ? unit(s, 'second') : ''].filter(Boolean).join(' ');
    },
    quarter(code) {
      const [year = '', q = ''] = code.split('Q');
      return language === 'ko' ? `${year.slice(2)}년 ${q}분기` : `Q${q} ${year}`;
    },
  };
}

const made: Record<Language, Formats> = { ko: make('ko'), en: make('en') };

export function formats(language: Language): Formats {
  return made[language];
}
