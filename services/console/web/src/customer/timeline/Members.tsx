import { useState } from 'react';
import { useWholeEvent } from '../../api/queries';
import type { TimelineEvent } from '../../api/types';
import { useSpeech } from '../../i18n';
import { positionsOf } from './merge';
import { WholeEvent } from './WholeEvent';

const atFirst = 8;

/** The events of a run, newest first; a few at a time, since a run may stand for two hundred. */
export function Members({ event }: { event: TimelineEvent }) {
  const { t } = useSpeech();
  const [shown, setShown] = useState(atFirst);
  const positions = positionsOf(event);
  return (
    <ul className="members">
      {positions.slice(0, shown).map((position) => <Member key={position} position={position} />)}
      {shown < positions.length && (
        <li>
          <button className="link" onClick={() => setShown(shown + atFirst)}>{t.more} · {t.timeline.firstOf(shown, positions.length)}</button>
        </li>
      )}
    </ul>
  );
}

function Member({ position }: { position: number }) {
  const { f, say } = useSpeech();
  const [open, setOpen] = useState(false);
  const { data } = useWholeEvent(position);
  return (
    <li>
      <button className="member" onClick={() => setOpen(!open)} aria-expanded={open}>
        <time className="num" dateTime={data?.time}>{data ? f.time(data.time) : '…'}</time>
        <span>{data ? say(data.headline) : ' '}</span>
      </button>
      {open && <WholeEvent position={position} />}
    </li>
  );
}
