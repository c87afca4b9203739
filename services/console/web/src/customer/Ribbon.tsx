import { Activity } from 'lucide-react';
import { memo, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { Ribbon as RibbonData } from '../api/types';
import { day, dayNumber } from '../format/zone';
import { useSpeech, type Speech } from '../i18n';
import { laneIcons } from '../ui/channel';
import { onEnter } from '../ui/onEnter';
import { laneColour, vars } from '../ui/vars';
import { AsOfField } from './AsOfField';
import { laneWeeks, monthMarks, weekStart, type LaneWeeks } from './ribbonModel';
import type { AsOf } from './useAsOf';

interface Props {
  ribbon: RibbonData;
  /** Goes to the end of a week (YYYY-MM-DD) in the timeline. */
  jump: (date: string) => void;
  asOf: AsOf;
}

/** Eighteen months of every channel in one strip: minimap, silence detector and way into the past. */
export function Ribbon({ ribbon, jump, asOf }: Props) {
  const speech = useSpeech();
  const { t, f } = speech;
  const lanes = useMemo(() => laneWeeks(ribbon), [ribbon]);
  const [week, setWeek] = useState<number | null>(null);
  const last = ribbon.weeks - 1;
  const at = week ?? last;
  const go = () => jump(new Date(weekStart(ribbon, at) + 6 * day).toISOString().slice(0, 10));
  const step = (event: KeyboardEvent) => {
    const next = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last, PageDown: at - 4, PageUp: at + 4 }[event.key];
    if (next === undefined) return onEnter(go)(event);
    event.preventDefault();
    setWeek(Math.max(0, Math.min(last, next)));
  };

  return (
    <section className="ribbon" aria-label={t.ribbon.label}>
      <div className="ribbon-label">
        <span className="label"><Activity size={13} aria-hidden />{t.ribbon.label}</span>
        <strong className="num">{week === null ? nowName(asOf.date, speech) : weekName(ribbon, week, speech)}</strong>
        <span className="sub">{week === null ? t.ribbon.hint : weekSummary(lanes, week, speech)}</span>
        <AsOfField asOf={asOf} />
      </div>
      <div className="ribbon-body">
        <Strip week={at} last={last} choose={setWeek} go={go} step={step} text={`${weekName(ribbon, at, speech)}: ${weekSummary(lanes, at, speech)}`}>
          <Lanes lanes={lanes} />
        </Strip>
        <div className="axis" aria-hidden>
          {monthMarks(ribbon).filter((mark) => mark.at < 0.945).map((mark) => (
            <span key={mark.time} className={mark.january ? 'year' : ''} style={vars({ '--at': mark.at })}>
              {mark.january ? t.ribbon.year(new Date(mark.time).getUTCFullYear()) : f.monthName(mark.time)}
            </span>
          ))}
          <b>{asOf.date ? f.monthDayLong(dayNumber(asOf.date) * day) : t.ribbon.now}</b>
        </div>
      </div>
    </section>
  );
}

/** "지금", or the day that the page stands at. */
function nowName(date: string, { t, f }: Speech): string {
  return date ? f.date(dayNumber(date) * day) : t.ribbon.now;
}

function weekName(ribbon: RibbonData, week: number, { t, f }: Speech): string {
  const start = weekStart(ribbon, week);
  return t.ribbon.week(f.monthDay(start), f.monthDay(start + 6 * day));
}

function weekSummary(lanes: LaneWeeks[], week: number, { t, f }: Speech): string {
  const parts = lanes.filter(({ counts }) => counts[week]).map(({ lane, counts }) => `${t.channels[lane]} ${f.number(counts[week]!)}`);
  return parts.join(' · ') || t.ribbon.quiet;
}

interface StripProps {
  week: number;
  last: number;
  text: string;
  choose: (week: number | null) => void;
  go: () => void;
  step: (event: KeyboardEvent) => void;
  children: React.ReactNode;
}

/** The strip as one control: arrow keys or the pointer choose a week, Enter or a click goes there. */
function Strip({ week, last, text, choose, go, step, children }: StripProps) {
  const ref = useRef<HTMLDivElement>(null);
  const { t } = useSpeech();
  const follow = (event: PointerEvent) => {
    const box = ref.current!.getBoundingClientRect();
    const lead = Number.parseFloat(getComputedStyle(ref.current!).getPropertyValue('--lead'));
    const share = (event.clientX - box.left - lead) / (box.width - lead);
    choose(Math.max(0, Math.min(last, Math.floor(share * (last + 1)))));
  };
  return (
    <div
      ref={ref}
      className="lanes"
      role="slider"
      tabIndex={0}
      aria-label={`${t.ribbon.label}. ${t.ribbon.hint}`}
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={week}
      aria-valuetext={text}
      onPointerMove={follow}
      onPointerDown={follow}
      onPointerLeave={() => choose(null)}
      onBlur={() => choose(null)}
      onClick={go}
      onKeyDown={step}
    >
      {children}
      <div className="week" style={vars({ '--at': week / (last + 1), '--width': 1 / (last + 1) })} />
    </div>
  );
}

/** The weeks of all lanes. They change only when the customer does, so a moving pointer redraws none of them. */
const Lanes = memo(function Lanes({ lanes }: { lanes: LaneWeeks[] }) {
  return lanes.map(({ lane, shades }) => {
    const Icon = laneIcons[lane];
    return (
      <div className="lane" key={lane} style={laneColour(lane)}>
        <Icon size={11} aria-hidden />
        <svg viewBox={`0 0 ${shades.length * 10} 10`} preserveAspectRatio="none" aria-hidden>
          <path className="quiet" d={shades.map((v, i) => (v ? '' : `M${i * 10 + 0.6} 0h8.8v10h-8.8z`)).join('')} />
          {shades.map((v, i) => (v ? <rect key={i} x={i * 10 + 0.6} width={8.8} height={10} opacity={0.25 + 0.75 * v} /> : null))}
        </svg>
      </div>
    );
  });
});
