import { useOffers, type Offer, type OfferAgain, type OfferEvidence } from '../../api/offers';
import { useSpeech, type Speech } from '../../i18n';
import { dayNumber } from '../../format/zone';
import { typeName } from '../../ui/eventTypes';
import { Failure } from '../../ui/Failure';
import { Skeleton } from '../../ui/Skeleton';
import { EventLinks, type EventLink, type ShowEvent } from './EventLinks';
import { useWords } from './words';

/** What fits the customer and is new to them, what they are due to buy again, and what is left out on purpose. */
export function OffersWhy({ id, asOf, showEvent }: { id: string; asOf: string; showEvent: ShowEvent }) {
  const { t, say } = useSpeech();
  const w = useWords();
  const { data, error, refetch } = useOffers(id, asOf);
  if (error) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={6} />;
  if (data.recommendations.length + data.again.length === 0) return <p className="none">{w.noOffers}</p>;
  return (
    <>
      {data.again.length > 0 && <h3>{w.dueAgain}</h3>}
      <ul className="why-reasons">{data.again.map((again) => <Again key={`${again.sku} ${again.category}`} again={again} showEvent={showEvent} />)}</ul>
      {data.recommendations.length > 0 && <h3>{data.cold ? w.cold : w.fits}</h3>}
      <ul className="why-reasons">{data.recommendations.map((offer) => <Fit key={offer.sku} offer={offer} showEvent={showEvent} />)}</ul>
      {data.left_out.length > 0 && <h3>{w.notAgain}</h3>}
      <ul className="why-reasons">
        {data.left_out.map((out) => <li key={out.sku}><p><span lang="ko">{out.name || out.sku}</span></p><p className="sub">{say(out.why)}</p></li>)}
      </ul>
    </>
  );
}

function Again({ again, showEvent }: { again: OfferAgain; showEvent: ShowEvent }) {
  const speech = useSpeech();
  const { f, say } = speech;
  return (
    <li>
      <p><span lang="ko">{again.name || again.category}</span><b className="num">{f.monthDayLong(dayNumber(again.due_on) * 86_400_000)}</b></p>
      <p className="sub">{say(again.reason)}</p>
      <EventLinks events={again.evidence.map((e) => linkOf(e, speech))} showEvent={showEvent} />
    </li>
  );
}

function Fit({ offer, showEvent }: { offer: Offer; showEvent: ShowEvent }) {
  const speech = useSpeech();
  const w = useWords();
  const { f, say } = speech;
  return (
    <li>
      <p>
        <span lang="ko">{offer.name || offer.sku}</span>
        {offer.price > 0 && <b className="num">{f.money(offer.price, offer.currency || 'KRW')}</b>}
      </p>
      {offer.why.length === 0 && <p className="sub">{say(offer.reason)}</p>}
      {offer.why.map((reason) => (
        <div key={reason.sku}>
          <p className="sub">{say(reason.text)} {w.shareOf(f.percent(reason.share))}</p>
          <EventLinks events={reason.evidence.map((e) => linkOf(e, speech))} showEvent={showEvent} />
        </div>
      ))}
    </li>
  );
}

function linkOf(e: OfferEvidence, { say }: Speech): EventLink {
  return { position: e.position, time: e.time, title: say(typeName(e.type)), pivotal: false };
}
