import { useCustomerChurn } from '../../api/askChurn';
import type { ChurnEvidence, ChurnReasonWhole, CustomerFlag } from '../../api/churn';
import { useSpeech, type Speech } from '../../i18n';
import { typeName } from '../../ui/eventTypes';
import { Failure } from '../../ui/Failure';
import { RiskMark } from '../../ui/RiskMark';
import { Skeleton } from '../../ui/Skeleton';
import { EventLinks, type EventLink, type ShowEvent } from './EventLinks';
import { PastFlags } from './PastFlags';
import { PolicyWorth } from './PolicyWorth';
import { useWords } from './words';

/** What every policy says of the customer: the risk, the reasons with their events, and the flags before. */
export function ChurnWhy({ id, asOf, showEvent }: { id: string; asOf: string; showEvent: ShowEvent }) {
  const { t, say } = useSpeech();
  const { data, error, refetch } = useCustomerChurn(id, asOf);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  return (
    <>
      {data.missing && <p className="none">{say(data.missing)}</p>}
      {data.flags.map((flag, i) => <One key={flag.policy.name} flag={flag} open={i === 0} showEvent={showEvent} />)}
    </>
  );
}

function One({ flag, open, showEvent }: { flag: CustomerFlag; open: boolean; showEvent: ShowEvent }) {
  const speech = useSpeech();
  const { f, say } = speech;
  const w = useWords();
  return (
    <details className="why-one" open={open}>
      <summary>
        <b>{say(flag.policy.title) || flag.policy.name}</b>
        {flag.known && <RiskMark risk={flag.risk} />}
        <span className="sub">{flag.since ? w.flagged(f.date(flag.since)) : w.calm}</span>
      </summary>
      {flag.note && <p className="none">{say(flag.note)}</p>}
      <h3>{w.reasons}</h3>
      {flag.reasons.length === 0 && <p className="none">{w.noReasons}</p>}
      <ul className="why-reasons">{flag.reasons.map((reason) => <Reason key={reason.code + reason.text.ko} reason={reason} showEvent={showEvent} />)}</ul>
      {flag.pivotal.length > 0 && (
        <>
          <h3>{w.pivotals}</h3>
          <EventLinks events={flag.pivotal.map((e) => linkOf(e, speech))} showEvent={showEvent} />
        </>
      )}
      {flag.due && <p className="sub">{w.due(f.date(flag.due))}</p>}
      <PastFlags flags={flag.past} />
      <PolicyWorth policy={flag.policy} />
    </details>
  );
}

/** Reasons may rest on hundreds of visits; the latest few say enough. */
const few = 8;

function Reason({ reason, showEvent }: { reason: ChurnReasonWhole; showEvent: ShowEvent }) {
  const speech = useSpeech();
  const w = useWords();
  const events = reason.evidence.slice(0, few).map((e) => linkOf(e, speech));
  return (
    <li>
      <p><span>{speech.say(reason.text)}</span><b className="num">{reason.weight > 0 ? '+' : '−'}{Math.abs(reason.weight)}</b></p>
      {events.length > 0 && <p className="sub">{reason.evidence.length > few ? w.eventsOf(few, reason.evidence.length) : w.events(events.length)}</p>}
      <EventLinks events={events} showEvent={showEvent} />
    </li>
  );
}

function linkOf(e: ChurnEvidence, { say }: Speech): EventLink {
  return { position: e.position, time: e.time, title: say(typeName(e.type)), pivotal: e.pivotal };
}
