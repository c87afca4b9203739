// The side of the tab that holds the connection: it knows what every tab in sight wants, and keeps one stream open
// that brings it.
import { Connection } from './connection';
import type { Message } from './sse';

/** Stands for all customers at once, as the front page shows them. */
export const everybody = '*';

/** What one tab shows: a customer, and the position after which it has heard nothing yet. */
export interface Want {
  customer: string;
  after: number;
}

export type LinkState = 'connecting' | 'live' | 'lost';

export interface Heard {
  onState(state: LinkState): void;
  onMessage(message: Message): void;
}

/** Going from one customer to the next drops a wish and makes one; waiting for both saves a connection. */
const settle = 50;
/** A page that has just opened will name a customer in a moment; only then is it worth to listen for nobody. */
const settleForNobody = 1_000;

export class Leader {
  private readonly wants = new Map<string, Want>();
  private readonly heard: Heard;
  private connection: Connection | null = null;
  private connected: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(heard: Heard) {
    this.heard = heard;
    this.plan();
  }

  /** Takes note of what a tab shows; null when it shows nobody or is out of sight. */
  want(tab: string, want: Want | null): void {
    if (want) this.wants.set(tab, want);
    else this.wants.delete(tab);
    this.plan();
  }

  /** Forgets all wishes, before the tabs are asked to name them again: a tab that crashed names none. */
  forget(): void {
    this.wants.clear();
  }

  private plan(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), this.wants.size > 0 ? settle : settleForNobody);
  }

  /** One customer in sight is streamed alone; several at once need the stream of everybody. */
  private connect(): void {
    const wants = [...this.wants.values()];
    const customers = [...new Set(wants.map((want) => want.customer))].sort();
    const wish = customers.join(' ');
    if (wish === this.connected) return;
    this.connected = wish;
    this.connection?.close();
    this.connection = new Connection(
      { customer: customers.length === 1 && customers[0] !== everybody ? customers[0]! : '', timeline: customers.length > 0, after: Math.min(...wants.map((want) => want.after)) },
      {
        onMessage: (message) => this.heard.onMessage(message),
        onOpen: () => this.heard.onState('live'),
        onLost: () => this.heard.onState('lost'),
      },
    );
  }
}
