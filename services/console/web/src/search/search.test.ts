import { describe, expect, it } from 'vitest';
import type { CustomerRow } from '../api/types';
import { exactly } from './exact';
import { highlight } from './highlight';

const found = (kind: string, value: string, proven = true): CustomerRow => ({
  id: 'c1', name: '', tier: '', phone: '', email: '', city: '', last_seen: null, last_channel: '', events: 0, orders: 0, matched: { kind, value, proven },
});

describe('one exact match', () => {
  const mobile = found('phone', '+821048217730');
  it.each(['010-4821-7730', '01048217730', '+82 10-4821-7730', '0082 10 4821 7730', '821048217730'])('is found by %s', (query) => {
    expect(exactly(query, [mobile], '')?.id).toBe('c1');
  });
  it('is not a part of a number, a name, a claim, or one of several', () => {
    expect(exactly('7730', [mobile], '')).toBeNull();
    expect(exactly('김서연', [found('name', '김서연')], '')).toBeNull();
    expect(exactly('010-4821-7730', [found('phone', '+821048217730', false)], '')).toBeNull();
    expect(exactly('010-4821-7730', [mobile, mobile], '')).toBeNull();
    expect(exactly('010-4821-7730', [mobile], 'more')).toBeNull();
  });
  it('ignores case in numbers of orders', () => {
    expect(exactly('ord-87950 ', [found('order', 'ORD-87950')], '')).not.toBeNull();
    expect(exactly('ORD-8795', [found('order', 'ORD-87950')], '')).toBeNull();
  });
});

describe('the reason', () => {
  const text = (kind: string, value: string, query: string) => highlight(kind, value, query, 'ko').map((p) => (p.hit ? `[${p.text}]` : p.text)).join('');
  it('shows of a number its ends and what was asked for', () => {
    expect(text('phone', '+821048217730', '7730')).toBe('010-••••-[7730]');
    expect(text('phone', '+821048217730', '4821')).toBe('010-[4821]-7730');
    expect(text('phone', '+821048217730', '010-48')).toBe('[010-48]••-7730');
  });
  it('marks letters whatever their case', () => {
    expect(text('order', 'ORD-87950', 'ord-879')).toBe('[ORD-879]50');
    expect(text('initials', '김서연', 'ㅅㅇ')).toBe('김[서연]');
    expect(text('name', '김서연', 'xyz')).toBe('김서연');
  });
  it('keeps markup as text', () => {
    expect(text('name', '<img onerror=1>', '<img')).toBe('[<img] onerror=1>');
  });
});
