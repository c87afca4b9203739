// Live events come one by one and sometimes many at once; the page takes them in a few times a second, so that a
// burst costs a few renders and not one for each.

/** Collects items and hands them over together, at most once per pause (4 Hz: 250 ms). */
export class Batch<T> {
  private items: T[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly take: (items: T[]) => void;
  private readonly pause: number;

  constructor(take: (items: T[]) => void, pause = 250) {
    this.take = take;
    this.pause = pause;
  }

  add(item: T): void {
    this.items.push(item);
    this.timer ??= setTimeout(() => this.flush(), this.pause);
  }

  close(): void {
    clearTimeout(this.timer);
    this.items = [];
  }

  private flush(): void {
    this.timer = undefined;
    const items = this.items;
    this.items = [];
    this.take(items);
  }
}
