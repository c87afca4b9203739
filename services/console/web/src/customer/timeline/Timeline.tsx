import { ArrowUp } from 'lucide-react';
import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react';
import type { Customer } from '../../api/types';
import { useSpeech } from '../../i18n';
import { useFollow } from '../../live/LiveContext';
import { channelsOf, type Lane } from '../../ui/channel';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';
import { useNow } from '../../ui/useNow';
import { useParam } from '../../ui/address';
import { ChannelChips } from './ChannelChips';
import { JumpField } from './JumpField';
import { List, type ListHandle } from './List';
import { ongoingOf } from './ongoing';
import { toRows } from './rows';
import { useJump } from './useJump';
import { useTimeline } from './useTimeline';
import { useTimelineKeys } from './useTimelineKeys';
import { eventsOf, olderThan } from './window';

interface Props {
  id: string;
  customer: Customer | undefined;
  /** The day the page stands at, empty for now: the past does not go on. */
  asOf: string;
  /** The event a link led to, if one did. */
  marked: number | null;
  /** Behind the other tab of a phone: a hidden list must not measure itself. */
  hidden: boolean;
  /** A day to go to (YYYY-MM-DD), until jumped is called. */
  week: string | null;
  jumped: () => void;
  jump: (date: string) => void;
  showEvidence: () => void;
}

/** Everything that happened, newest first, in one list across all channels. */
export function Timeline({ id, customer, asOf, marked, hidden, week, jumped, jump, showEvidence }: Props) {
  const speech = useSpeech();
  const { t } = speech;
  const now = useNow();
  const [opened] = useState(() => Date.now());
  const today = asOf ? opened : now; // the last day of a past page is not called today
  const [lane, setLane] = useLane();
  const channels = useMemo(() => (lane ? channelsOf(lane) : null), [lane]);
  const timeline = useTimeline(id, channels, asOf);
  const { state } = timeline;
  const goTo = useJump(id, channels, asOf, timeline);
  const list = useRef<ListHandle>(null);
  const [reading, setReading] = useState(false);

  const usualGapDays = customer?.rhythm.usual_gap_days ?? null;
  const rows = useMemo(() => toRows(eventsOf(state.window), { now: today, usualGapDays }), [state.window, today, usualGapDays]);
  useFollow(asOf ? undefined : customer, followFrom(customer, state.position), {
    take: (events) => timeline.take(events, reading),
    reset: () => void timeline.start(),
  });
  useWeek(week, goTo.jump, jumped);
  useTimelineKeys({ list, setLane, showEvidence });

  const showFresh = () => {
    timeline.showFresh();
    list.current?.toTop();
  };
  const empty = !state.loading && !state.error && rows.length === 0;
  return (
    <div className="tl">
      <div className="tl-bar">
        <h2>{t.customer.timeline}</h2>
        <ChannelChips lane={lane} choose={setLane} totals={customer?.totals} />
        <JumpField jump={jump} />
      </div>
      {state.fresh.length > 0 && (
        <div className="fresh">
          <button onClick={showFresh}><ArrowUp size={13} aria-hidden />{t.timeline.fresh(state.fresh.length)}</button>
        </div>
      )}
      {state.loading === 'start' && rows.length === 0 && <Skeleton lines={7} height={44} />}
      {empty && <p className="none">{lane ? t.timeline.emptyChannel : t.timeline.empty}</p>}
      <List
        key={lane ?? 'all'}
        marked={marked}
        ref={list}
        rows={rows}
        usualGapDays={usualGapDays}
        ongoing={(event) => ongoingOf(event, customer, now, speech)}
        hidden={hidden}
        busy={state.loading !== null}
        target={goTo.target}
        reached={goTo.reached}
        more={(what) => (what === 'older' ? goTo.older() : timeline.more('newer'))}
        onReading={setReading}
      />
      {state.loading === 'older' && <Skeleton lines={2} height={44} />}
      {state.error && <Failure title={t.timeline.failed} detail={state.error.message} retry={() => void timeline.start()} />}
      {!state.loading && rows.length > 0 && olderThan(state.window) === '' && <p className="end">{t.timeline.end}</p>}
    </div>
  );
}

/** Live events count from the older of the two answers on screen, or one between them would be in neither. */
function followFrom(customer: Customer | undefined, position: number): number {
  return customer && position > 0 ? Math.min(customer.position, position) : 0;
}

const laneNames: readonly string[] = ['web', 'call', 'store', 'inquiry', 'message', 'other'];

/** The chosen lane, kept in the address as ?ch=. */
function useLane(): [Lane | null, (lane: Lane | null) => void] {
  const [name, setName] = useParam('ch');
  return [name && laneNames.includes(name) ? (name as Lane) : null, setName];
}

function useWeek(week: string | null, jump: (date: string) => Promise<void>, jumped: () => void): void {
  const go = useEffectEvent((date: string) => {
    jumped();
    void jump(date);
  });
  useEffect(() => {
    if (week) go(week);
  }, [week]);
}
