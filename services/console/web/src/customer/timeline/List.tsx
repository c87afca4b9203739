import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type Ref } from 'react';
import type { TimelineEvent } from '../../api/types';
import { dayNumber, dayOf } from '../../format/zone';
import { useSpeech } from '../../i18n';
import { DayRow, GapRow, YearRow } from './Headings';
import { EventRow } from './EventRow';
import type { Ongoing } from './ongoing';
import type { Row } from './rows';
import { useScroller } from './useScroller';

export interface ListHandle {
  toTop: () => void;
  /** Moves the focus to the next (1) or previous (-1) event. */
  step: (by: 1 | -1) => void;
  /** Opens or closes the event that has the focus. */
  toggle: () => void;
}

interface Props {
  ref: Ref<ListHandle>;
  rows: Row[];
  usualGapDays: number | null;
  /** The position of an event that stands out, and is gone to rather than its day. */
  marked: number | null;
  ongoing: (event: TimelineEvent) => Ongoing;
  hidden: boolean;
  busy: boolean;
  /** The number of a day to show at the top, until reached is called. */
  target: number | null;
  reached: () => void;
  more: (what: 'older' | 'newer') => void;
  /** Told whether the reader is further down, where nothing may move. */
  onReading: (reading: boolean) => void;
}

const heights: Record<Row['kind'], number> = { day: 40, year: 46, gap: 56, event: 64 };
/** Rows before an end of the window at which the next page is asked for. */
const ahead = 30;

/** The rows that are in sight, out of however many there are. */
export function List({ ref, rows, usualGapDays, marked, ongoing, hidden, busy, target, reached, more, onReading }: Props) {
  const { t } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const { element, margin } = useScroller(box, hidden);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const reading = element !== null && element.scrollTop > margin;
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => element,
    estimateSize: (i) => heights[rows[i]!.kind],
    getItemKey: (i) => rows[i]!.key,
    overscan: 6,
    enabled: !hidden,
    scrollMargin: margin,
    scrollPaddingStart: 64,
    initialRect: { width: 700, height: 1_000 },
    anchorTo: reading ? 'end' : 'start', // whoever reads further down must not be moved by what comes in above
  });
  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  const ask = useEffectEvent(more);
  useEffect(() => {
    if (busy || rows.length === 0) return;
    if (last > rows.length - ahead) ask('older');
    else if (first < ahead) ask('newer');
  }, [first, last, rows.length, busy]);

  const tellReading = useEffectEvent(onReading);
  useEffect(() => tellReading(reading), [reading]);

  const arrived = useEffectEvent((day: number) => {
    const at = indexOf(rows, marked);
    list.scrollToIndex(at < 0 ? indexOfDay(rows, day) : at, { align: at < 0 ? 'start' : 'center' });
    reached();
  });
  useEffect(() => {
    if (target !== null && rows.length > 0 && element) arrived(target);
  }, [target, rows.length, element]);

  const toggle = (key: string) => setOpen((old) => toggled(old, key));
  const chosen = useRef(-1); // the row that has, or is about to have, the focus
  const focus = (index: number): void => {
    chosen.current = index;
    list.scrollToIndex(index, { align: 'auto' });
    const row = rowAt(box.current, index);
    if (row) return row.focus({ preventScroll: true });
    requestAnimationFrame(() => {
      if (chosen.current === index) rowAt(box.current, index)?.focus({ preventScroll: true });
    });
  };
  useImperativeHandle(ref, () => ({
    toTop: () => element?.scrollTo({ top: 0 }),
    step: (by) => {
      const next = nextEvent(rows, chosen.current < 0 ? inSight(items, element, margin) - 1 : chosen.current, by);
      if (next >= 0) focus(next);
    },
    toggle: () => {
      const row = rows[chosen.current];
      if (row) toggle(row.key);
    },
  }));

  return (
    <div
      ref={box}
      className="vl"
      role="feed"
      aria-busy={busy}
      aria-label={t.customer.timeline}
      style={{ height: list.getTotalSize() }}
      onFocus={(e) => (chosen.current = Number(e.target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1))}
    >
      {items.map((item) => {
        const row = rows[item.index]!;
        return (
          <div key={item.key} ref={list.measureElement} data-index={item.index} className="vr" style={{ transform: `translateY(${item.start - margin}px)` }}>
            {row.kind === 'day' && <DayRow time={row.time} daysAgo={row.daysAgo} />}
            {row.kind === 'year' && <YearRow year={row.year} />}
            {row.kind === 'gap' && <GapRow days={row.days} usual={usualGapDays} />}
            {row.kind === 'event' && (
              <EventRow marked={holds(row, marked)} event={row.event} stages={row.stages} solo={row.solo} now={ongoing(row.event)} place={row.index + 1} open={open.has(row.key)} toggle={() => toggle(row.key)} />
            )}
          </div>
        );
      })}
    </div>
  );
}

function rowAt(box: HTMLElement | null, index: number): HTMLElement | null {
  return box?.querySelector<HTMLElement>(`[data-index="${index}"] article`) ?? null;
}

/** The first row that is wholly in sight. */
function inSight(items: VirtualItem[], element: HTMLElement | null, margin: number): number {
  const top = Math.max(margin, element?.scrollTop ?? 0);
  return items.find((item) => item.start >= top)?.index ?? 0;
}

function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}

function nextEvent(rows: Row[], from: number, by: 1 | -1): number {
  for (let i = from + by; i >= 0 && i < rows.length; i += by) if (rows[i]!.kind === 'event') return i;
  return -1;
}

function holds(row: Row, position: number | null): boolean {
  return position !== null && row.kind === 'event' && (row.event.position === position || (row.event.group?.includes(position) ?? false));
}

function indexOf(rows: Row[], position: number | null): number {
  return position === null ? -1 : rows.findIndex((row) => holds(row, position));
}

/** The first row on or before a day; the last row if all are newer. */
function indexOfDay(rows: Row[], day: number): number {
  const at = rows.findIndex((row) => row.kind === 'event' && dayNumber(dayOf(Date.parse(row.event.time))) <= day);
  if (at < 0) return rows.length - 1;
  return rows[at - 1]?.kind === 'day' ? at - 1 : at;
}
