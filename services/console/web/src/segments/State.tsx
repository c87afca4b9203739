import { TriangleAlert } from 'lucide-react';
import type { Segment } from '../api/segments';
import { useSpeech } from '../i18n';
import { useWords } from './words';

/** Whether a segment can be relied on: faulty, removed, still judging everybody, or up to date. */
export function State({ segment }: { segment: Segment }) {
  const { f } = useSpeech();
  const w = useWords();
  if (segment.fault) return <span className="state bad" title={segment.fault.detail}><TriangleAlert size={12} aria-hidden />{w.fault}</span>;
  if (segment.removed) return <span className="state">{w.removed}</span>;
  if (segment.left) return <span className="state busy" role="status">{w.building(f.number(segment.left.done))}</span>;
  return <span className="state ok">{w.ready}</span>;
}
