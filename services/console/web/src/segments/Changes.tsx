import { LogIn, LogOut } from 'lucide-react';
import { Link } from 'wouter';
import { useChanges } from '../api/askSegments';
import type { SegmentChange } from '../api/segments';
import { useSpeech } from '../i18n';
import { customerPath, eventPath } from '../ui/address';
import { Failure } from '../ui/Failure';
import { More } from '../ui/More';
import { Skeleton } from '../ui/Skeleton';
import { useWords } from './words';

/** Who entered and left, the latest first, and what made it so. */
export function Changes({ name }: { name: string }) {
  const { t } = useSpeech();
  const w = useWords();
  const changes = useChanges(name);
  const { data, error, refetch } = changes;
  if (error && !data) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} height={32} />;
  const all = data.pages.flatMap((page) => page.changes);
  if (all.length === 0) return <p className="none">{w.noChanges}</p>;
  return (
    <>
      <ol className="passages">{all.map((change) => <One key={`${change.customer.id} ${change.at} ${change.entered}`} change={change} />)}</ol>
      <More query={changes} />
    </>
  );
}

function One({ change }: { change: SegmentChange }) {
  const { t, f } = useSpeech();
  const w = useWords();
  const Icon = change.entered ? LogIn : LogOut;
  return (
    <li className={change.entered ? 'in' : 'out'}>
      <Icon size={14} aria-hidden />
      <span className="passage-what">{change.entered ? w.entered : w.left}</span>
      <Link href={customerPath(change.customer.id)}><b lang="ko">{change.customer.name || t.home.noName}</b></Link>
      <Cause change={change} />
      <time className="num" dateTime={change.at}>{f.full(change.at)}</time>
    </li>
  );
}

function Cause({ change: { cause, customer, version } }: { change: SegmentChange }) {
  const { say } = useSpeech();
  const w = useWords();
  if (!cause.event) return <span className="sub">{cause.kind === 'rule' ? w.ruleCause(version) : w.clock}</span>;
  const text = say(cause.event.headline) || cause.event.type;
  if (cause.event.position === 0) return <span className="sub">{text}</span>;
  const href = eventPath(customer.id, cause.event.position);
  return <Link className="sub" href={href}>{text}</Link>;
}
