import { Link } from 'wouter';
import { useMembers } from '../api/askSegments';
import { useSpeech } from '../i18n';
import { customerPath } from '../ui/address';
import { Failure } from '../ui/Failure';
import { More } from '../ui/More';
import { Skeleton } from '../ui/Skeleton';
import { useNow } from '../ui/useNow';

import { useWords } from './words';

/** Who is in now, those who entered last first. */
export function Members({ name }: { name: string }) {
  const { t, f } = useSpeech();
  const w = useWords();
  const now = useNow();
  const members = useMembers(name);
  const { data, error, refetch } = members;
  if (error && !data) return <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} height={32} />;
  const all = data.pages.flatMap((page) => page.members);
  if (all.length === 0) return <p className="none">{w.noMembers}</p>;
  return (
    <>
      <p className="sub num">{w.people(f.number(data.pages[0]!.total))} · {w.asOf(f.number(data.pages[0]!.position))}</p>
      <ul className="people">
        {all.map((member) => (
          <li key={member.id}>
            <Link href={customerPath(member.id)}>
              <b lang="ko">{member.name || t.home.noName}</b>
              <time className="num" dateTime={member.since} title={f.full(member.since)}>{f.ago(member.since, now)}</time>
            </Link>
          </li>
        ))}
      </ul>
      <More query={members} />
    </>
  );
}
