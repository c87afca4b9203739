import { Link } from 'wouter';
import { useWhySegments } from '../../api/askSegments';
import type { SegmentCause, SegmentWhy } from '../../api/segments';
import { useSpeech } from '../../i18n';
import { segmentPath } from '../../ui/address';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';
import { ConditionTree } from './ConditionTree';
import { EventLinks, type ShowEvent } from './EventLinks';
import { useWords } from './words';

interface Props {
  id: string;
  asOf: string;
  /** The segment to open; the others stay closed. */
  chosen: string;
  showEvent: ShowEvent;
}

/** Every segment with whether the customer is in, since when, and condition by condition why. */
export function SegmentsWhy({ id, asOf, chosen, showEvent }: Props) {
  const { t } = useSpeech();
  const w = useWords();
  const { data, error, refetch } = useWhySegments(id, asOf);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.segments.length === 0) return <p className="none">{w.none}</p>;
  const sorted = [...data.segments].sort((a, b) => Number(b.name === chosen) - Number(a.name === chosen));
  return sorted.map((segment) => <One key={segment.name} segment={segment} open={segment.name === chosen} showEvent={showEvent} />);
}

function One({ segment, open, showEvent }: { segment: SegmentWhy; open: boolean; showEvent: ShowEvent }) {
  const { f, say } = useSpeech();
  const w = useWords();
  const href = segmentPath(segment.name);
  return (
    <details className="why-one" open={open}>
      <summary>
        <b>{say(segment.title) || segment.name}</b>
        <span className={segment.in ? 'in' : 'out'}>{segment.in ? w.in : w.out}</span>
        {segment.since && <span className="sub num">{w.since(f.date(segment.since))}</span>}
      </summary>
      <Cause segment={segment} showEvent={showEvent} />
      {segment.fault && <p className="none">{w.fault}: {segment.fault.detail}</p>}
      {segment.why && <ul className="conditions"><ConditionTree condition={segment.why} showEvent={showEvent} /></ul>}
      <p className="foot">
        {segment.next && <span className="sub">{w.next(f.date(segment.next))}</span>}
        <span className="sub">{w.version(segment.version)}</span>
        <Link className="link" href={href}>{w.openSegment}</Link>
      </p>
    </details>
  );
}

/** What made the customer enter, or leave last. */
function Cause({ segment, showEvent }: { segment: SegmentWhy; showEvent: ShowEvent }) {
  const { say } = useSpeech();
  const w = useWords();
  const { cause } = segment;
  if (!cause) return <p className="sub">{w.never}</p>;
  const say2 = segment.in ? w.entered : w.leftBy;
  if (!cause.event) return <p className="sub">{say2(nameOf(cause, w))}</p>;
  const { position, time, headline, type } = cause.event;
  return (
    <div className="cause">
      <p className="sub">{say2('')}</p>
      <EventLinks events={[{ position, time, title: say(headline) || type, pivotal: false }]} showEvent={showEvent} />
    </div>
  );
}

function nameOf(cause: SegmentCause, w: ReturnType<typeof useWords>): string {
  return cause.kind === 'rule' ? w.rule : w.clock;
}
