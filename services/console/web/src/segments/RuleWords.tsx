import { Link } from 'wouter';
import { usePreview } from '../api/askSegments';
import type { SegmentWhole } from '../api/segments';
import { useSpeech } from '../i18n';
import { segmentPath } from '../ui/address';
import { Failure } from '../ui/Failure';
import { Section } from '../ui/Section';
import { Skeleton } from '../ui/Skeleton';
import { ConditionLines } from './ConditionLines';
import { useWords } from './words';

/** The rule in words with what each condition removes, the rules before it, and the segments it hangs together with. */
export function RuleWords({ segment }: { segment: SegmentWhole }) {
  const { t, f } = useSpeech();
  const w = useWords();
  const rule = segment.rule === null || segment.fault ? null : JSON.stringify(segment.rule);
  const { data, error, refetch } = usePreview(segment.name, rule, false);
  return (
    <>
      <Section title={w.rule}>
        {segment.fault && <Failure title={w.fault} detail={`${segment.fault.pointer} ${segment.fault.detail}`} />}
        {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
        {rule && !data && !error && <Skeleton lines={3} />}
        {data && <ConditionLines lines={data.lines} customers={data.customers} />}
        {data && <p className="sub">{w.ruleRemoves} · {data.sampled ? w.sampled(f.percent(data.fraction)) : w.exact}</p>}
      </Section>
      <Names title={w.needs} names={segment.needs} />
      <Names title={w.neededBy} names={segment.needed_by} />
      {segment.versions.length > 1 && (
        <Section title={w.versions} count={segment.versions.length}>
          <ol className="changes">
            {segment.versions.slice(0, 10).map((version) => (
              <li key={version.number}>
                <b className="num">v{version.number}</b>
                <time className="num" dateTime={version.from}>{f.date(version.from)}</time>
                <span className="sub">{version.own ? version.actor : w.byRule}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

function Names({ title, names }: { title: string; names: string[] }) {
  if (names.length === 0) return null;
  return (
    <Section title={title}>
      <ul className="names">{names.map((name) => <One key={name} name={name} />)}</ul>
    </Section>
  );
}

function One({ name }: { name: string }) {
  const href = segmentPath(name);
  return <li><Link className="link" href={href}>{name}</Link></li>;
}
