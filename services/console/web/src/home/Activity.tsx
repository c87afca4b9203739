import { useState } from 'react';
import { Link } from 'wouter';
import type { LiveEvent } from '../api/types';
import { useSpeech } from '../i18n';
import { useEverybody, useLink } from '../live/LiveContext';
import { customerPath } from '../ui/address';
import { laneIcons, laneOf } from '../ui/channel';
import { Section } from '../ui/Section';
import { useNow } from '../ui/useNow';
import { laneColour } from '../ui/vars';
import { newestPerPerson } from './newest';
import { Empty } from './Empty';

/** How far back the list begins, in events, so that it is not empty on a quiet morning. */
const lookBack = 150;

/** What people are doing just now, one line each; every line leads to its customer. */
export function Activity() {
  const { t } = useSpeech();
  const { status } = useLink();
  const [start, setStart] = useState(0);
  const [events, setEvents] = useState<LiveEvent[]>([]);
  if (start === 0 && status && status.position > 0) setStart(Math.max(1, status.position - lookBack));
  useEverybody(start, (fresh) => setEvents((old) => newestPerPerson([...fresh, ...old])));

  if (status?.head === 0) return <Empty />;
  if (events.length === 0) return null;
  return (
    <Section title={t.home.now}>
      <ul className="activity">{events.map((event) => <Line key={event.fragment} event={event} />)}</ul>
    </Section>
  );
}

function Line({ event }: { event: LiveEvent }) {
  const { t, f, say, language } = useSpeech();
  const now = useNow();
  const lane = laneOf(event.channel);
  const Icon = laneIcons[lane];
  return (
    <li className={event.tone} style={laneColour(lane)}>
      <Link href={customerPath(event.fragment)}>
        <Icon size={14} role="img" aria-label={t.channels[lane]} />
        <span lang={language === 'en' ? 'ko' : undefined}>{say(event.headline)}</span>
        <time dateTime={event.time}>{f.ago(event.time, now)}</time>
      </Link>
    </li>
  );
}
