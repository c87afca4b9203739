import '../../styles/why.css';
import { Dialog } from '../../ui/Dialog';
import { Guard } from '../../ui/Guard';
import { ChurnWhy } from './ChurnWhy';
import type { ShowEvent } from './EventLinks';
import { OffersWhy } from './OffersWhy';
import { SegmentsWhy } from './SegmentsWhy';
import { ValueWhy } from './ValueWhy';
import { useWords } from './words';

interface Props {
  id: string;
  /** churn, value, offers, segments, or segments/NAME. */
  what: string;
  /** The day the page stands at, empty for now. */
  asOf: string;
  showEvent: ShowEvent;
  close: () => void;
}

/** What is behind a conclusion on the page: conditions, reasons, and the events. */
export default function WhySheet({ id, what, asOf, showEvent, close }: Props) {
  const w = useWords();
  const [subject = '', name = ''] = what.split('/');
  const title = { churn: w.churn, value: w.value, offers: w.offers }[subject] ?? w.segments;
  return (
    <Dialog title={title} close={close} className="why">
      <Guard>
        {subject === 'churn' && <ChurnWhy id={id} asOf={asOf} showEvent={showEvent} />}
        {subject === 'value' && <ValueWhy id={id} asOf={asOf} />}
        {subject === 'offers' && <OffersWhy id={id} asOf={asOf} showEvent={showEvent} />}
        {subject === 'segments' && <SegmentsWhy id={id} asOf={asOf} chosen={name} showEvent={showEvent} />}
      </Guard>
    </Dialog>
  );
}
