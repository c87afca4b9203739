import { useEffect } from 'react';
import { Link } from 'wouter';
import { useSegments } from '../api/askSegments';
import type { Segment, SegmentFlow } from '../api/segments';
import { useSpeech } from '../i18n';
import '../styles/insight.css';
import { segmentPath } from '../ui/address';
import { Failure } from '../ui/Failure';
import { Skeleton } from '../ui/Skeleton';
import { State } from './State';
import { useWords } from './words';

/** All segments: how many are in, who came and went, and whether the count can be relied on. */
export default function SegmentsPage() {
  const { t } = useSpeech();
  const w = useWords();
  const { data, error, refetch } = useSegments();
  useEffect(() => {
    document.title = `${w.title} — c360`;
  }, [w]);
  return (
    <div className="sheet-page">
      <h1>{w.title}</h1>
      <p className="lead">{w.lead}</p>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} height={44} />}
      {data?.length === 0 && <div className="nothing"><b>{w.none}</b><span>{w.noneHint}</span></div>}
      {data && data.length > 0 && (
        <ul className="seg-rows">
          <li className="seg-head" aria-hidden><span /><span>{w.members}</span><span>{w.day}</span><span>{w.week}</span><span /></li>
          {data.map((segment) => <Row key={segment.name} segment={segment} />)}
        </ul>
      )}
    </div>
  );
}

function Row({ segment }: { segment: Segment }) {
  const { f, say } = useSpeech();
  const w = useWords();
  const href = segmentPath(segment.name);
  return (
    <li>
      <Link href={href}>
        <span className="seg-name"><b>{say(segment.title) || segment.name}</b><small>{segment.name}</small></span>
        <strong className="num">{f.number(segment.members)}</strong>
        <Flow flow={segment.last_24h} name={w.day} />
        <Flow flow={segment.last_7d} name={w.week} />
        <State segment={segment} />
      </Link>
    </li>
  );
}

function Flow({ flow, name }: { flow: SegmentFlow; name: string }) {
  const { f } = useSpeech();
  const w = useWords();
  return (
    <span className="flow num">
      <i className="hidden">{name}: {w.flow(f.number(flow.entered), f.number(flow.left))}</i>
      <small aria-hidden>{name}</small>
      <b aria-hidden className={flow.entered ? 'up' : ''}>+{f.number(flow.entered)}</b>
      <b aria-hidden className={flow.left ? 'down' : ''}>−{f.number(flow.left)}</b>
    </span>
  );
}
