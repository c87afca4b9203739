import { useSpeech } from '../i18n';
import { Dialog } from '../ui/Dialog';
import { WholeEvent } from './timeline/WholeEvent';

/** The events something was concluded from, as their sources sent them. */
export function EvidenceSheet({ positions, close }: { positions: number[]; close: () => void }) {
  const { t } = useSpeech();
  return (
    <Dialog title={t.brief.evidence} close={close} className="evidence">
      {positions.map((position) => <WholeEvent key={position} position={position} titled />)}
    </Dialog>
  );
}
