import { describe, expect, it } from 'vitest';
import { locate } from './locate';

const rule = `{
  "all": [
    {"trait": "tier", "in": ["gold", "a \\" } b"]},
    {"event": "order.completed", "where": [{"field": "x/y", "is": 3}], "within": "30d"}
  ]
}`;

function at(pointer: string): string {
  return rule.slice(...locate(rule, pointer));
}

describe('a JSON pointer', () => {
  it.each([
    ['/all/0/trait', '"tier"'],
    ['/all/0/in/1', '"a \\" } b"'],
    ['/all/1/where/0', '{"field": "x/y", "is": 3}'],
    ['/all/1/where/0/is', '3'],
    ['/all/1/within', '"30d"'],
  ])('%s', (pointer, text) => expect(at(pointer)).toBe(text));
  it('to nothing leads to the nearest parent', () => {
    expect(at('/all/0/nothing')).toBe('{"trait": "tier", "in": ["gold", "a \\" } b"]}');
    expect(at('')).toBe(rule);
  });
  it('is looked for in text that is no JSON without running on for ever', () => {
    for (const broken of ['', '{', '{"all": [', '[1, {"a"', ']}', '"open']) expect(locate(broken, '/all/0')[1]).toBeLessThanOrEqual(broken.length);
  });
});
