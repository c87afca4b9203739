// One stream per browser, however many tabs are open: a browser allows six connections to a host, and tabs that
// each hold one soon stop each other. The tab that holds the Web Lock leads: it keeps the stream and passes what it
// hears to the others by BroadcastChannel. When it closes, the lock goes to the next tab, which leads from there.
import type { LiveEvent, Status } from '../api/types';
import { Leader, type LinkState, type Want } from './leader';
import type { Message } from './sse';

export interface LinkStatus {
  state: LinkState;
  status: Status | null;
}

export interface Ear {
  event: (event: LiveEvent) => void;
  reset: () => void;
}

interface Following extends Want {
  /** Whether a fragment is one of the customer's, for events of everybody's stream. */
  owns: (fragment: string) => boolean;
  ear: Ear;
}

type Note =
  | { kind: 'want'; tab: string; want: Want | null }
  | { kind: 'call' }
  | { kind: 'state'; state: LinkState }
  | { kind: 'message'; message: Message };

const lock = 'c360.live';
/** How often the leader asks who is still there. */
const callEvery = 60_000;

export class Hub {
  private readonly tab = `${Date.now()}-${Math.random()}`;
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('c360.live');
  private readonly following = new Set<Following>();
  private readonly watchers = new Set<() => void>();
  private leader: Leader | null = null;
  private link: LinkStatus = { state: 'connecting', status: null };

  start(): void {
    this.channel?.addEventListener('message', (e: MessageEvent<Note>) => this.hear(e.data));
    document.addEventListener('visibilitychange', () => this.tellWant());
    addEventListener('pagehide', () => this.post({ kind: 'want', tab: this.tab, want: null }));
    if (!navigator.locks) return this.lead(); // only https and localhost have locks; elsewhere each tab leads itself
    void navigator.locks.request(lock, () => {
      this.lead();
      return new Promise(() => {}); // held for as long as the tab lives
    });
  }

  /** Hears the events of a customer after a position, until the returned function is called. */
  follow(want: Want, owns: Following['owns'], ear: Ear): () => void {
    const one: Following = { ...want, owns, ear };
    this.following.add(one);
    this.tellWant();
    return () => {
      this.following.delete(one);
      this.tellWant();
    };
  }

  readonly subscribe = (tell: () => void): (() => void) => {
    this.watchers.add(tell);
    return () => this.watchers.delete(tell);
  };

  readonly status = (): LinkStatus => this.link;

  private lead(): void {
    this.leader = new Leader({
      onState: (state) => this.pass({ kind: 'state', state }),
      onMessage: (message) => this.pass({ kind: 'message', message }),
    });
    this.call();
    setInterval(() => this.call(), callEvery);
  }

  /** Asks every tab what it wants, this one too. */
  private call(): void {
    this.leader?.forget();
    this.pass({ kind: 'call' });
  }

  /** A tab out of sight wants nothing; when it comes back it hears what it missed, from where it left off. */
  private tellWant(): void {
    const [first] = this.following;
    const after = Math.min(...[...this.following].map((one) => one.after));
    const want = first && !document.hidden ? { customer: first.customer, after } : null;
    this.post({ kind: 'want', tab: this.tab, want });
    this.leader?.want(this.tab, want);
  }

  private post(note: Note): void {
    this.channel?.postMessage(note);
  }

  private pass(note: Note): void {
    this.post(note);
    this.hear(note);
  }

  private hear(note: Note): void {
    if (note.kind === 'want') this.leader?.want(note.tab, note.want);
    else if (note.kind === 'call') this.tellWant();
    else if (note.kind === 'state') this.set({ ...this.link, state: note.state });
    else this.read(note.message);
  }

  private read({ event, data }: Message): void {
    if (event === 'status') this.set({ state: 'live', status: JSON.parse(data) as Status });
    else if (event === 'timeline') this.deal(JSON.parse(data) as LiveEvent);
    else if (event === 'reset' || event === 'skipped') for (const { ear } of this.following) ear.reset();
  }

  private deal(event: LiveEvent): void {
    for (const one of this.following) {
      if (event.customer !== one.customer && !one.owns(event.fragment)) continue;
      one.after = Math.max(one.after, event.position);
      one.ear.event(event);
    }
  }

  private set(link: LinkStatus): void {
    this.link = link;
    for (const tell of this.watchers) tell();
  }
}
