import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Batch } from './batch';
import { Connection } from './connection';
import { Leader } from './leader';
import { Parser, type Message } from './sse';

describe('the stream', () => {
  const read = (...pieces: string[]) => {
    const parser = new Parser();
    return pieces.flatMap((piece) => parser.push(piece));
  };
  it('is cut into messages wherever the network cuts it', () => {
    const text = 'event: timeline\nid: 7\ndata: {"a":1}\n\nevent: status\ndata: {}\n\n';
    const whole = read(text);
    expect(whole).toEqual([{ event: 'timeline', data: '{"a":1}', id: '7' }, { event: 'status', data: '{}', id: '7' }]);
    for (let i = 1; i < text.length; i++) expect(read(text.slice(0, i), text.slice(i))).toEqual(whole);
  });
  it('has comments that say nothing', () => {
    expect(read(': still here\n\n', ': c360\n\ndata: x\n\n')).toEqual([{ event: 'message', data: 'x', id: '' }]);
  });
  it('joins lines of data and reads CRLF', () => {
    expect(read('data: a\r\ndata: b\r\n\r\n')).toEqual([{ event: 'message', data: 'a\nb', id: '' }]);
  });
});

describe('a batch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  it('hands over at most four times a second', () => {
    const taken: number[][] = [];
    const batch = new Batch<number>((items) => taken.push(items));
    for (let i = 0; i < 100; i++) {
      batch.add(i);
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(250);
    expect(taken.length).toBeLessThanOrEqual(5);
    expect(taken.flat()).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });
  it('hands over nothing once it is closed', () => {
    const take = vi.fn();
    const batch = new Batch<number>(take);
    batch.add(1);
    batch.close();
    vi.advanceTimersByTime(1_000);
    expect(take).not.toHaveBeenCalled();
  });
});

describe('the connection', () => {
  const requests: { url: string; lastId: string | null }[] = [];
  let answers: ((signal: AbortSignal) => Response)[] = [];
  beforeEach(() => {
    vi.useFakeTimers();
    requests.length = 0;
    vi.stubGlobal('addEventListener', () => {});
    vi.stubGlobal('removeEventListener', () => {});
    vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string>; signal: AbortSignal }) => {
      requests.push({ url, lastId: init.headers['Last-Event-ID'] ?? null });
      const answer = answers.shift();
      if (answer) return answer(init.signal);
      return new Promise((_, refuse) => init.signal.addEventListener('abort', () => refuse(new Error('closed'))));
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const open = (heard: Message[] = []) => ({ onMessage: (m: Message) => heard.push(m), onOpen: vi.fn(), onLost: vi.fn() });

  it('comes back from the last event it heard, and waits longer each time', async () => {
    answers = [() => new Response('event: timeline\nid: 42\ndata: {}\n\n'), () => new Response(null, { status: 503 })];
    const heard: Message[] = [];
    const listener = open(heard);
    const connection = new Connection({ customer: 'c1', timeline: true, after: 40 }, listener);
    await vi.advanceTimersByTimeAsync(400);
    expect(requests).toEqual([{ url: '/v1/stream?customer=c1&topics=timeline%2Cstatus', lastId: '40' }]);
    await vi.advanceTimersByTimeAsync(200);
    expect(requests[1]?.lastId).toBe('42');
    await vi.advanceTimersByTimeAsync(500);
    expect(requests).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(600);
    expect(requests).toHaveLength(3);
    expect(heard).toHaveLength(1);
    expect(listener.onLost).toHaveBeenCalledTimes(2);
    connection.close();
  });
  it('gives up a line that has gone silent', async () => {
    answers = [(signal) => new Response(new ReadableStream({ start: (c) => signal.addEventListener('abort', () => c.error(new Error('closed'))) }))];
    const listener = open();
    const connection = new Connection({ customer: '', timeline: false, after: 0 }, listener);
    await vi.advanceTimersByTimeAsync(44_000);
    expect(listener.onLost).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(listener.onLost).toHaveBeenCalled();
    connection.close();
  });
  it('is one, whatever the tabs want', async () => {
    answers = [];
    const leader = new Leader({ onState: () => {}, onMessage: () => {} });
    leader.want('tab1', { customer: 'c1', after: 10 });
    await vi.advanceTimersByTimeAsync(100);
    leader.want('tab2', { customer: 'c1', after: 5 });
    await vi.advanceTimersByTimeAsync(100);
    expect(requests.map((r) => r.url)).toEqual(['/v1/stream?customer=c1&topics=timeline%2Cstatus']);
    leader.want('tab2', { customer: 'c2', after: 5 });
    await vi.advanceTimersByTimeAsync(100);
    expect(requests.at(-1)).toEqual({ url: '/v1/stream?topics=timeline%2Cstatus', lastId: '5' });
    leader.want('tab1', null);
    leader.want('tab2', null);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(requests.at(-1)).toEqual({ url: '/v1/stream?topics=status', lastId: null });
  });
});
