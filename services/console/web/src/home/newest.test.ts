import { expect, it } from 'vitest';
import type { LiveEvent } from '../api/types';
import { event } from '../customer/timeline/sample';
import { newestPerPerson } from './newest';

const at = (position: number, fragment: string): LiveEvent => ({ ...event(position, `2026-11-21T05:${10 + position}:00Z`), fragment, customer: '' });

it('shows the newest event of each person, newest first, and nobody twice', () => {
  const shown = newestPerPerson([at(1, 'a'), at(3, 'b'), at(2, 'a'), at(4, '00000000-0000-0000-0000-000000000000'), at(5, '')]);
  expect(shown.map((e) => [e.fragment, e.position])).toEqual([['b', 3], ['a', 2]]);
});
