import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { usePreview } from '../api/askSegments';
import type { SegmentPreview, SegmentWhole } from '../api/segments';
import { useSpeech } from '../i18n';
import { customerPath } from '../ui/address';
import { Skeleton } from '../ui/Skeleton';
import { ConditionLines } from './ConditionLines';
import { useWords } from './words';

interface Props {
  segment: SegmentWhole;
  /** JSON text. */
  rule: string;
  refusal: (error: Error) => ReactNode;
}

/** Who a rule would take in: an estimate from a sample at once, and the exact number as soon as everybody was looked at. */
export function Preview({ segment, rule, refusal }: Props) {
  const { f } = useSpeech();
  const w = useWords();
  const quick = usePreview(segment.name, rule, false);
  const settled = quick.data !== undefined && !quick.isPlaceholderData;
  const exact = usePreview(segment.name, settled && quick.data.sampled ? rule : null, true);
  if (quick.error) return refusal(quick.error);
  if (!quick.data) return <Skeleton lines={5} />;
  const isExact = exact.data !== undefined && !exact.isPlaceholderData && settled;
  const shown = isExact ? exact.data : quick.data;
  const more = shown.members - segment.members;
  return (
    <div className="preview" data-busy={!settled}>
      <p className="preview-count">
        <strong className="num">{f.number(shown.members)}</strong>
        <span>{w.ofAll(f.percent(shown.share))}</span>
      </p>
      <p className="sub num">{settled ? <Basis preview={shown} /> : w.counting}</p>
      {!segment.left && more !== 0 && settled && <p className="sub num">{w.against(more > 0 ? `+${f.number(more)}` : `−${f.number(-more)}`)}</p>}
      <h2>{w.removes}</h2>
      <ConditionLines lines={shown.lines} customers={shown.customers} />
      <People title={w.who} people={shown.examples} />
      <People title={w.near} people={shown.near} />
    </div>
  );
}

function Basis({ preview }: { preview: SegmentPreview }) {
  const { f } = useSpeech();
  const w = useWords();
  if (!preview.sampled) return `${w.exact} · ${w.asOf(f.number(preview.position))}`;
  return `${w.sampled(f.percent(preview.fraction))} · ${w.between(f.number(preview.low), f.number(preview.high))}`;
}

function People({ title, people }: { title: string; people: SegmentPreview['examples'] }) {
  const { t } = useSpeech();
  if (people.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul className="names">
        {people.map((one) => <li key={one.id}><Link className="link" href={customerPath(one.id)}>{one.name || t.home.noName}</Link></li>)}
      </ul>
    </>
  );
}
