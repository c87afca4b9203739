import { TriangleAlert } from 'lucide-react';
import type { Case } from '../../api/types';
import { useSpeech } from '../../i18n';
import { laneOf } from '../../ui/channel';
import { Section } from '../../ui/Section';
import { useNow } from '../../ui/useNow';

/** What is not settled: those who still wait for a first answer stand out. */
export function Cases({ cases }: { cases: Case[] }) {
  const { t } = useSpeech();
  const unsettled = cases.filter((c) => c.state !== 'closed');
  const closed = cases.length - unsettled.length;
  return (
    <Section title={t.right.cases} count={unsettled.length}>
      {unsettled.length === 0 && <p className="none">{t.right.noCases}</p>}
      <ul className="cases">{unsettled.map((c) => <OneCase key={c.id} it={c} />)}</ul>
      {closed > 0 && <p className="sub closed">{t.right.closedCases(closed)}</p>}
    </Section>
  );
}

function OneCase({ it }: { it: Case }) {
  const { t, f } = useSpeech();
  const now = useNow();
  const waits = it.state === 'open';
  const about = [it.id, it.channel && t.channels[laneOf(it.channel)], it.order_id, it.agent || t.right.unassigned];
  return (
    <li className={waits ? 'hot' : ''}>
      <div>
        <b lang="ko">{it.subject || it.category || it.id}</b>
        <span>{about.filter(Boolean).join(' · ')}</span>
      </div>
      {waits ? (
        <p className="waiting">
          <TriangleAlert size={13} aria-hidden />
          {t.right.waiting(f.span(Math.max(0, now - Date.parse(it.opened_at))))}
        </p>
      ) : <p className="sub">{it.answered_at && t.right.answered(f.ago(it.answered_at, now))}</p>}
    </li>
  );
}
