import { Clock } from 'lucide-react';
import { useSpeech } from '../../i18n';

export function DayRow({ time, daysAgo }: { time: string; daysAgo: number }) {
  const { t, f } = useSpeech();
  const near = daysAgo === 0 ? t.timeline.today : daysAgo === 1 ? t.timeline.yesterday : '';
  return (
    <div className="day">
      {near && <b>{near}</b>}
      <span>{f.day(time)}</span>
    </div>
  );
}

export function YearRow({ year }: { year: number }) {
  const { t } = useSpeech();
  return <div className="day year"><b className="num">{t.ribbon.year(year)}</b></div>;
}

/** A silence worth noticing, and what would have been usual. */
export function GapRow({ days, usual }: { days: number; usual: number | null }) {
  const { t } = useSpeech();
  return (
    <div className="gap">
      <span />
      <p>
        <Clock size={13} aria-hidden />
        <b>{t.timeline.gap(days)}</b>
        {usual !== null && <em>{t.timeline.usualGap(Math.round(usual))}</em>}
      </p>
    </div>
  );
}
