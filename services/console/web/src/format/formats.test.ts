import { describe, expect, it } from 'vitest';
import { maskEmail, maskPhone, phone } from './contact';
import { formats } from './formats';
import { identifierText } from './identifier';
import { age, daysToBirthday } from './person';
import { daysBetween, dayOf } from './zone';

const now = Date.parse('2026-11-21T14:32:00+09:00');
const ko = formats('ko');
const en = formats('en');

describe('money', () => {
  it('has no decimals for won and keeps those of other currencies', () => {
    expect(ko.money(4812000, 'KRW')).toBe('₩4,812,000');
    expect(en.money(4812000, 'KRW')).toBe('₩4,812,000');
    expect(en.money(12.5, 'USD')).toBe('$12.50');
  });
  it('shows an amount whose currency is no code at all', () => {
    expect(ko.money(5, '<b>')).toBe('5 <b>');
  });
});

describe('numbers', () => {
  it('says shares, short numbers, and that a little is not nothing', () => {
    expect(ko.percent(0.622)).toBe('62.2%');
    expect(ko.short(12_400)).toBe('1.2만');
    expect(en.short(12_400)).toBe('12.4k');
    expect([0, 0.05, 0.2, 3.72].map(en.few)).toEqual(['0', '<0.1', '0.2', '3.7']);
  });
});

describe('times', () => {
  it('reads in the zone of the company, on a 24-hour clock', () => {
    expect(ko.time('2026-11-20T15:05:00Z')).toBe('00:05');
    expect(en.time(now)).toBe('14:32');
    expect(ko.day(now)).toBe('11월 21일 (토)');
    expect(dayOf(Date.parse('2026-11-20T15:05:00Z'))).toBe('2026-11-21');
  });
  it('says how long ago something was in the unit people use', () => {
    const minutes = (n: number) => now - n * 60_000;
    expect(ko.ago(minutes(58), now)).toBe('58분 전');
    expect(en.ago(minutes(58), now)).toBe('58 min ago');
    expect(ko.ago(minutes(180), now)).toBe('3시간 전');
    expect(ko.ago('2026-11-20T03:00:00+09:00', now)).toBe('어제');
    expect(en.ago('2026-11-02T03:00:00+09:00', now)).toBe('2 Nov');
    expect(ko.ago('2025-11-02T03:00:00+09:00', now)).toBe('2025년 11월 2일');
  });
  it('never says that something happens in the future', () => {
    expect(ko.ago(now + 30_000, now)).toBe('지금');
    expect(en.ago(now - 20_000, now)).toBe('now');
  });
  it('says spans', () => {
    expect(ko.span(41 * 60_000)).toBe('41분');
    expect(ko.span(50 * 3_600_000)).toBe('2일');
    expect(ko.seconds(100)).toBe('1분 40초');
  });
  it('writes what is no time as nothing', () => {
    expect(ko.month('<b>')).toBe('');
    expect(ko.ago('soon', now)).toBe('');
  });
  it('names quarters', () => {
    expect(ko.quarter('2026Q3')).toBe('26년 3분기');
    expect(en.quarter('2026Q3')).toBe('Q3 2026');
  });
  it('counts calendar days, not 24 hours', () => {
    expect(daysBetween(Date.parse('2026-11-20T23:59:00+09:00'), Date.parse('2026-11-21T00:01:00+09:00'))).toBe(1);
  });
});

describe('telephone numbers', () => {
  it.each([
    ['+821048217730', '010-4821-7730', '+82 10-4821-7730'],
    ['+8225551234', '02-555-1234', '+82 2-555-1234'],
    ['+82315551234', '031-555-1234', '+82 31-555-1234'],
    ['+8215880000', '1588-0000', '1588-0000'],
    ['+14155550100', '+14155550100', '+14155550100'],
  ])('%s', (stored, korean, english) => {
    expect(phone(stored, 'ko')).toBe(korean);
    expect(phone(stored, 'en')).toBe(english);
  });
  it('hides the middle', () => {
    expect(maskPhone('010-4821-7730')).toBe('010-••••-7730');
    expect(maskPhone('+14155550100')).toBe('+14••••0100');
  });
});

describe('what is hidden', () => {
  it('keeps enough of a mail address to know it by', () => {
    expect(maskEmail('seoyeon.k@example.com')).toBe('seo•••@••••.com');
    expect(maskEmail('a@b.co')).toBe('a•••@••••.co');
    expect(maskEmail('nonsense')).toBe('••••');
  });
  it('is shown when asked for', () => {
    expect(identifierText('phone', '+821048217730', 'ko', false)).toBe('010-••••-7730');
    expect(identifierText('phone', '+821048217730', 'ko', true)).toBe('010-4821-7730');
  });
});

describe('persons', () => {
  it('have an age by calendar', () => {
    expect(age('1990-11-21', now)).toBe(36);
    expect(age('1990-11-22', now)).toBe(35);
    expect(age('soon', now)).toBeNull();
  });
  it('have birthdays, also on 29 February and over New Year', () => {
    expect(daysToBirthday('1990-12-03', now)).toBe(12);
    expect(daysToBirthday('1990-11-21', now)).toBe(0);
    expect(daysToBirthday('1992-02-29', now)).toBe(100);
    expect(daysToBirthday('', now)).toBeNull();
  });
});
