import { ChevronRight } from 'lucide-react';
import type { TimelineEvent } from '../../api/types';
import { useSpeech } from '../../i18n';
import { laneIcons, laneOf } from '../../ui/channel';
import { onEnter } from '../../ui/onEnter';
import { laneColour } from '../../ui/vars';
import { describe, type Description } from './describe';
import { Members } from './Members';
import type { Stage } from './messages';
import { OnCall } from './OnCall';
import type { Ongoing } from './ongoing';
import { WholeEvent } from './WholeEvent';

interface Props {
  event: TimelineEvent;
  /** A link led here. */
  marked: boolean;
  /** Alone on its day, so that the date stands in front of the time. */
  solo: boolean;
  stages: Stage[];
  place: number;
  /** What is going on right now about this event. */
  now: Ongoing;
  open: boolean;
  toggle: () => void;
}

/** One event, or a run of like events; opens in place to everything its source sent. */
export function EventRow({ event, marked, stages, solo, place, now, open, toggle }: Props) {
  const speech = useSpeech();
  const { t, f, say } = speech;
  const lane = laneOf(event.channel);
  const Icon = laneIcons[lane];
  const said = describe(event, stages, speech);
  const enter = onEnter<React.KeyboardEvent>((e) => e.target === e.currentTarget && toggle());
  return (
    <article
      className={`ev ${lane} ${now.waiting ? 'bad' : event.tone} ${now.call ? 'live' : ''} ${marked ? 'marked' : ''}`}
      style={laneColour(lane)}
      tabIndex={0}
      aria-posinset={place}
      aria-setsize={-1}
      aria-label={say(event.headline)}
      onKeyDown={enter}
    >
      <time className="num" dateTime={event.time}>
        {solo && <b>{f.monthDay(event.time)}</b>}
        {f.time(event.time)}
      </time>
      <span className="node"><Icon size={14} strokeWidth={2} role="img" aria-label={t.channels[lane]} /></span>
      <div className="body" lang="ko">
        <p className="title">
          <b lang={speech.language}>{say(event.headline)}</b>
          {event.count > 1 && <span className="times num">×{event.count}</span>}
          {now.call && <OnCall since={now.call} />}
          {said.by && <span className="by">{said.by}</span>}
        </p>
        {said.quote ? <blockquote>{said.quote}</blockquote> : said.detail && <p className="detail">{said.detail}</p>}
        <Chips chips={now.waiting ? [...said.chips, { text: now.waiting, look: 'bad' }] : said.chips} known={event.known} />
      </div>
      {said.amount && <span className={`amount num ${said.amount.look}`}>{said.amount.text}</span>}
      <button className="open" onClick={toggle} aria-expanded={open} aria-label={open ? t.timeline.collapse : t.timeline.expand}>
        <ChevronRight size={15} aria-hidden />
      </button>
      {open && <div className="more">{(event.group?.length ?? 0) > 1 ? <Members event={event} /> : <WholeEvent position={event.position} />}</div>}
    </article>
  );
}

function Chips({ chips, known }: { chips: Description['chips']; known: boolean }) {
  const { t } = useSpeech();
  if (chips.length === 0 && known) return null;
  return (
    <p className="tags">
      {chips.map((chip) => <span key={chip.text} className={chip.look}>{chip.text}</span>)}
      {!known && <span className="plain">{t.timeline.unknownType}</span>}
    </p>
  );
}
