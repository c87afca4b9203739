import { Crosshair } from 'lucide-react';
import { useSpeech } from '../../i18n';
import { useWords } from './words';

export interface EventLink {
  position: number;
  time: string;
  title: string;
  pivotal: boolean;
}

/** Shows an event in the timeline of the page behind. */
export type ShowEvent = (position: number, time: string) => void;

/** The events something was concluded from, each leading to its place in the timeline. */
export function EventLinks({ events, showEvent }: { events: EventLink[]; showEvent: ShowEvent }) {
  return (
    <ul className="event-links">
      {events.map((event) => (
        <li key={`${event.position} ${event.time}`} className={event.pivotal ? 'pivotal' : ''}>
          {event.position > 0
            ? <button onClick={() => showEvent(event.position, event.time)}><One event={event} /></button>
            : <span><One event={event} /></span>}
        </li>
      ))}
    </ul>
  );
}

function One({ event }: { event: EventLink }) {
  const { f } = useSpeech();
  const w = useWords();
  return (
    <>
      <time className="num" dateTime={event.time}>{f.date(event.time)}</time>
      <b lang="ko">{event.title}</b>
      {event.pivotal && <em title={w.pivotalHint}><Crosshair size={12} aria-hidden />{w.pivotal}</em>}
    </>
  );
}
