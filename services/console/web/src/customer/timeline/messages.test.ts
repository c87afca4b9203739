import { describe, expect, it } from 'vitest';
import { foldMessages } from './messages';
import { event } from './sample';

const step = (position: number, name: string, subject = '신상품') =>
  event(position, `2026-11-20T09:0${position}:00Z`, { type: `message.${name}`, channel: 'message', data: { medium: 'sms', subject } });

describe('a message', () => {
  it('is one row, with what became of it', () => {
    const [only, ...rest] = foldMessages([step(4, 'clicked'), step(3, 'opened'), step(2, 'delivered'), step(1, 'sent')]);
    expect(rest).toEqual([]);
    expect(only).toMatchObject({ event: { position: 1, type: 'message.sent', group: [4, 3, 2, 1] }, stages: ['delivered', 'opened', 'clicked'] });
  });
  it('is not mixed with another one', () => {
    expect(foldMessages([step(4, 'opened', '재입고'), step(3, 'sent', '재입고'), step(2, 'opened'), step(1, 'sent')]).map((t) => t.stages)).toEqual([['opened'], ['opened']]);
    expect(foldMessages([step(2, 'sent', 'a'), step(1, 'sent', 'a')])).toHaveLength(2);
  });
  it('whose sending is on another page stays as it is', () => {
    expect(foldMessages([step(3, 'opened')])).toEqual([{ event: step(3, 'opened'), stages: [] }]);
  });
  it('leaves every other event alone', () => {
    const page = event(9, '2026-11-20T10:00:00Z');
    expect(foldMessages([page])).toEqual([{ event: page, stages: [] }]);
  });
});
