import { Link2, UserRoundCheck } from 'lucide-react';
import { useIdentity } from '../api/queries';
import type { Identity, Link } from '../api/types';
import { identifierText } from '../format/identifier';
import { useSpeech, word, type Speech } from '../i18n';
import { Dialog } from '../ui/Dialog';
import { Failure } from '../ui/Failure';
import { Skeleton } from '../ui/Skeleton';
import type { Reveal } from './useReveal';

interface Props {
  id: string;
  reveal: Reveal;
  close: () => void;
}

/** Why several records are taken for one person: every identifier with where it came from, and every link. */
export function IdentitySheet({ id, reveal, close }: Props) {
  const { t } = useSpeech();
  const { data, error, refetch } = useIdentity(id, true);
  return (
    <Dialog title={t.identity.title} close={close} className="identity">
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={6} />}
      {data && <Evidence identity={data} revealed={reveal.on} />}
    </Dialog>
  );
}

function Evidence({ identity, revealed }: { identity: Identity; revealed: boolean }) {
  const speech = useSpeech();
  const { t, f, language } = speech;
  return (
    <>
      <h3>{t.identity.identifiers}</h3>
      <ul className="proofs">
        {identity.identifiers.map(({ kind, value, grade, evidence }) => (
          <li key={`${kind}:${value}`}>
            <b className="num">{word(t.kinds, kind)} {identifierText(kind, value, language, revealed)}</b>
            <span className="grade" data-grade={grade}>{t.grades[grade]}</span>
            <ul>
              {evidence.slice(0, 4).map((e) => <li key={e.fragment + e.event_id}>{t.identity.seen(e.source, f.full(e.time))}</li>)}
            </ul>
          </li>
        ))}
      </ul>
      <h3>{t.identity.links} <span className="sub">{t.identity.fragments(identity.fragments.length)}</span></h3>
      {identity.links.length === 0 && <p className="none">{t.identity.noLinks}</p>}
      <ul className="proofs">
        {identity.links.map((link) => (
          <li key={link.a + link.b + link.because}>
            {link.because === 'decision' ? <UserRoundCheck size={13} aria-hidden /> : <Link2 size={13} aria-hidden />}
            <b className="num">{because(link.because, revealed, speech)}</b>
            <LinkSource link={link} />
          </li>
        ))}
      </ul>
      {identity.suggestions.length > 0 && <h3>{t.identity.suggestions}</h3>}
      <ul className="proofs">
        {identity.suggestions.map((s) => <li key={s.customer + s.because}>{because(s.because, revealed, speech)}</li>)}
      </ul>
    </>
  );
}

function LinkSource({ link }: { link: Link }) {
  const { t, f } = useSpeech();
  return (
    <>
      {link.grade && <span className="grade" data-grade={link.grade}>{t.grades[link.grade]}</span>}
      <ul><li>{t.identity.seen(link.source, f.full(link.time))}</li></ul>
    </>
  );
}

/** "phone:+8210…" or "claimed email:…" in words, with the personal part hidden. */
function because(reason: string, revealed: boolean, { t, language }: Speech): string {
  if (reason === 'decision') return t.identity.decision;
  const [, claimed, kind, value] = /^(claimed )?(\w+):(.*)$/.exec(reason) ?? [];
  if (!kind || value === undefined) return reason;
  return `${word(t.kinds, kind)} ${identifierText(kind, value, language, revealed)}${claimed ? ` (${t.grades.claimed})` : ''}`;
}
