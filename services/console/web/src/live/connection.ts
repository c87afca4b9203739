// One open line to the server. It comes back by itself after a loss, from the last position it saw, and waits
// longer after each failure so that a server that restarts is not stormed.
import { address } from '../api/client';
import { Parser, type Message } from './sse';

/** No byte for so long means that the line is dead even if nobody closed it: the server sends a comment every 20 s. */
const silence = 45_000;
const longestPause = 15_000;

export interface Listener {
  onMessage(message: Message): void;
  onOpen(): void;
  onLost(): void;
}

export interface Interest {
  /** Whose events; empty for everybody's. */
  customer: string;
  /** Whether events are wanted at all, or only how far the server is. */
  timeline: boolean;
  /** Where to start: nothing after this position was heard yet. */
  after: number;
}

export class Connection {
  private controller = new AbortController();
  private failures = 0;
  private lastId: string;
  private readonly interest: Interest;
  private readonly listener: Listener;

  constructor(interest: Interest, listener: Listener) {
    this.interest = interest;
    this.lastId = interest.timeline && interest.after > 0 ? String(interest.after) : '';
    this.listener = listener;
    void this.run(this.controller.signal);
  }

  close(): void {
    this.controller.abort();
  }

  private async run(closed: AbortSignal): Promise<void> {
    while (!closed.aborted) {
      try {
        await this.read(closed);
      } catch {
        // refused, lost or silent: each is answered by coming back
      }
      if (closed.aborted) return;
      this.listener.onLost();
      await pause(Math.min(longestPause, 500 * 2 ** this.failures++), closed);
    }
  }

  private async read(closed: AbortSignal): Promise<void> {
    const quiet = new AbortController();
    const signal = AbortSignal.any([closed, quiet.signal]);
    let timer = setTimeout(() => quiet.abort(), silence);
    try {
      const stream = await this.open(signal);
      this.listener.onOpen();
      const parser = new Parser();
      for (let chunk = await stream.read(); !chunk.done; chunk = await stream.read()) {
        clearTimeout(timer);
        timer = setTimeout(() => quiet.abort(), silence);
        for (const message of parser.push(chunk.value)) this.take(message);
      }
    } finally {
      clearTimeout(timer);
      quiet.abort();
    }
  }

  private async open(signal: AbortSignal): Promise<ReadableStreamDefaultReader<string>> {
    const { customer, timeline } = this.interest;
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (this.lastId) headers['Last-Event-ID'] = this.lastId;
    const url = address('/v1/stream', { customer, topics: timeline ? 'timeline,status' : 'status' });
    const response = await fetch(url, { headers, signal, cache: 'no-store' });
    if (!response.ok || !response.body) throw new Error(`stream refused with ${response.status}`);
    return response.body.pipeThrough(new TextDecoderStream()).getReader();
  }

  private take(message: Message): void {
    this.failures = 0;
    if (message.id) this.lastId = message.id;
    this.listener.onMessage(message);
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener('online', done, { once: true });
    signal.addEventListener('abort', done, { once: true });
  });
}
