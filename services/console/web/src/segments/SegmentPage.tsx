import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { ApiError } from '../api/client';
import { useSegment } from '../api/askSegments';
import type { SegmentWhole } from '../api/segments';
import { useSpeech } from '../i18n';
import '../styles/insight.css';
import { useParam } from '../ui/address';
import { Failure } from '../ui/Failure';
import { Guard } from '../ui/Guard';
import { Skeleton } from '../ui/Skeleton';
import { Backtest } from './Backtest';
import { Changes } from './Changes';
import { Editor } from './Editor';
import { Members } from './Members';
import { RuleWords } from './RuleWords';
import { State } from './State';
import { useWords } from './words';

const tabs = ['backtest', 'members', 'history', 'edit'] as const;
type Tab = (typeof tabs)[number];

/** One segment: its rule in words, who is in, who came and went, what it would have done, and what a change would do. */
export default function SegmentPage({ name }: { name: string }) {
  const { say } = useSpeech();
  const w = useWords();
  const { data, error, refetch } = useSegment(name);
  useEffect(() => {
    document.title = `${data ? say(data.title) || name : w.title} — c360`;
  }, [data, name, w]);
  if (error instanceof ApiError && (error.status === 404 || error.status === 400)) {
    return <div className="nothing whole"><b>{w.notFound}</b><Link className="link" href="/segments">{w.all}</Link></div>;
  }
  return (
    <div className="sheet-page wide">
      <Link className="link back" href="/segments"><ArrowLeft size={13} aria-hidden />{w.all}</Link>
      {error && <Failure title={w.failed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={6} height={40} />}
      {data && <Loaded segment={data} />}
    </div>
  );
}

function Loaded({ segment }: { segment: SegmentWhole }) {
  const { f, say } = useSpeech();
  const w = useWords();
  const [asked, setAsked] = useParam('tab');
  const tab: Tab = tabs.find((one) => one === asked) ?? 'backtest';
  return (
    <>
      <header className="seg-top">
        <h1>{say(segment.title) || segment.name}</h1>
        <p className="seg-count"><strong className="num">{f.number(segment.members)}</strong><span>{w.members}</span></p>
        <p className="sub num">
          {segment.name} · {w.version(segment.version, f.date(segment.from))} · {w.asOf(f.number(segment.position))} <State segment={segment} />
        </p>
      </header>
      <div className="tab-row" role="tablist">
        {tabs.map((one) => (
          <button key={one} role="tab" id={`tab-${one}`} aria-selected={tab === one} aria-controls="segment-panel" onClick={() => setAsked(one)}>{w.tabs[one]}</button>
        ))}
      </div>
      <div className="seg-cols">
        <div id="segment-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
          <Guard key={tab}>
            {tab === 'backtest' && <Backtest name={segment.name} />}
            {tab === 'members' && <Members name={segment.name} />}
            {tab === 'history' && <Changes name={segment.name} />}
            {tab === 'edit' && <Editor segment={segment} />}
          </Guard>
        </div>
        {tab !== 'edit' && <aside><Guard><RuleWords segment={segment} /></Guard></aside>}
      </div>
    </>
  );
}
