import { Link } from 'wouter';
import type { useFlags } from '../api/askChurn';
import type { Flag, FlagOrder } from '../api/churn';
import { useSpeech } from '../i18n';
import { customerPath } from '../ui/address';
import { More } from '../ui/More';
import { RiskMark } from '../ui/RiskMark';
import { Section } from '../ui/Section';
import { TierBadge } from '../ui/TierBadge';
import { useWords } from './words';

interface Props {
  flags: ReturnType<typeof useFlags>;
  order: FlagOrder;
  setOrder: (order: string | null) => void;
  today: number;
}

/** Everybody who is flagged, with the heaviest reasons. */
export function FlagList({ flags, order, setOrder, today }: Props) {
  const { f } = useSpeech();
  const w = useWords();
  const pages = flags.data?.pages ?? [];
  const all = pages.flatMap((page) => page.flags);
  const ranked = pages[0]?.ranked;
  const sort = (
    <span className="choices" role="group" aria-label={w.order}>
      {([['risk', w.byRisk], ['since', w.bySince]] as const).map(([name, text]) => (
        <button key={name} aria-pressed={order === name} onClick={() => setOrder(name === 'risk' ? null : name)}>{text}</button>
      ))}
    </span>
  );
  return (
    <Section title={w.list} count={pages[0]?.totals.flagged ?? 0} aside={sort}>
      {ranked && !ranked.exact && <p className="sub">{w.ranked(f.number(ranked.of))}</p>}
      {all.length === 0 && <p className="none">{w.noFlags}</p>}
      <ul className="flag-rows" aria-busy={flags.isPlaceholderData}>{all.map((flag) => <Row key={flag.id} flag={flag} today={today} />)}</ul>
      <More query={flags} />
    </Section>
  );
}

function Row({ flag, today }: { flag: Flag; today: number }) {
  const { t, f, say } = useSpeech();
  const w = useWords();
  return (
    <li>
      <Link href={customerPath(flag.id)}>
        <span className="flag-who"><b lang="ko">{flag.name || t.home.noName}</b>{flag.tier && <TierBadge tier={flag.tier} />}</span>
        <RiskMark risk={flag.risk} />
        <span className="flag-why">{flag.reasons.map((reason) => <em key={reason.code + reason.text.ko}>{say(reason.text)} <b className="num">+{reason.weight}</b></em>)}</span>
        <span className="flag-when sub num">{w.flaggedAt(f.ago(flag.since, today))}<br />{flag.silent_days !== null && w.silent(flag.silent_days)}</span>
        <span className="flag-value num">{flag.value.map((m) => f.money(m.amount, m.currency)).join(' + ')}</span>
      </Link>
    </li>
  );
}
