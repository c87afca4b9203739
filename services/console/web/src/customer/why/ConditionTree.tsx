import { Check, X } from 'lucide-react';
import type { SegmentCondition } from '../../api/segments';
import { useSpeech } from '../../i18n';
import { EventLinks, type ShowEvent } from './EventLinks';
import { useWords } from './words';

/** One condition: what is wanted, what there was, the events behind it, and the conditions it holds. */
export function ConditionTree({ condition: c, showEvent }: { condition: SegmentCondition; showEvent: ShowEvent }) {
  const { say } = useSpeech();
  const w = useWords();
  const Icon = c.passed ? Check : X;
  const events = c.evidence.map((e) => ({ position: e.position, time: e.time, title: say(e.headline) || e.type, pivotal: e.pivotal }));
  return (
    <li className={c.passed ? 'passed' : 'failed'}>
      <p>
        <Icon size={14} strokeWidth={2.5} role="img" aria-label={c.passed ? w.passed : w.failed} />
        <b>{say(c.words)}</b>
      </p>
      {c.observed && (
        <dl>
          <div><dt>{w.observed}</dt><dd className="num">{c.observed}</dd></div>
          <div><dt>{w.wanted}</dt><dd className="num">{c.wanted}</dd></div>
        </dl>
      )}
      {events.length > 0 && (
        <>
          <p className="sub">{c.total > events.length ? w.eventsOf(events.length, c.total) : w.events(c.total)}</p>
          <EventLinks events={events} showEvent={showEvent} />
        </>
      )}
      {c.parts.length > 0 && (
        <ul className="conditions">
          {c.parts.map((part) => <ConditionTree key={`${part.segment} ${part.pointer}`} condition={part} showEvent={showEvent} />)}
        </ul>
      )}
    </li>
  );
}
