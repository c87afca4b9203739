import { useEffect } from 'react';
import { useProjections, useTypes } from '../api/queries';
import type { Projections, TypeCoverage } from '../api/types';
import { useSpeech } from '../i18n';
import { laneOf } from '../ui/channel';
import { Failure } from '../ui/Failure';
import { Guard } from '../ui/Guard';
import { Section } from '../ui/Section';
import { Skeleton } from '../ui/Skeleton';
import { useNow } from '../ui/useNow';

/** How far the read models are, and what every source sends. */
export default function OpsPage() {
  const { t } = useSpeech();
  useEffect(() => {
    document.title = `${t.ops.title} — c360`;
  }, [t]);
  return (
    <div className="ops">
      <h1>{t.ops.title}</h1>
      <Guard><ProjectionsPanel /></Guard>
      <Guard><TypesPanel /></Guard>
    </div>
  );
}

function ProjectionsPanel() {
  const { t } = useSpeech();
  const { data, error, refetch } = useProjections();
  return (
    <Section title={t.ops.projections}>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={3} height={44} />}
      {data && <State state={data} />}
    </Section>
  );
}

function State({ state }: { state: Projections }) {
  const { t, f } = useSpeech();
  const numbers: [string, string, boolean][] = [
    [t.ops.generation, state.generation, false],
    [t.ops.position, f.number(state.position), false],
    [t.ops.head, f.number(state.head), false],
    [t.ops.lag, t.ops.lagOf(f.number(state.lag_events), f.decimal(state.lag_seconds)), state.lag_seconds >= 3],
    [t.ops.gaps, f.number(state.gaps), state.gaps > 0],
    [t.ops.parked, f.number(state.parked), state.parked > 0],
    [t.ops.rate, t.ops.perSecond(f.number(Math.round(state.rate))), false],
    [t.ops.rooms, state.rooms.map((room) => `${room.name} v${room.version}`).join(' · '), false],
  ];
  return (
    <>
      <dl className="numbers">
        {numbers.map(([name, value, bad]) => (
          <div key={name} className={bad ? 'bad' : ''}><dt>{name}</dt><dd className="num">{value}</dd></div>
        ))}
      </dl>
      {state.rebuild && <Rebuilding rebuild={state.rebuild} />}
    </>
  );
}

function Rebuilding({ rebuild }: { rebuild: NonNullable<Projections['rebuild']> }) {
  const { t, f } = useSpeech();
  const eta = rebuild.eta_seconds === null ? '' : f.seconds(rebuild.eta_seconds);
  return (
    <div className="rebuild">
      <p>
        <b>{t.ops.rebuild} {rebuild.id}</b>{' '}
        <span className="num">{[`${f.number(rebuild.position)} / ${f.number(rebuild.target)}`, t.ops.perSecond(f.number(Math.round(rebuild.rate))), eta].filter(Boolean).join(' · ')}</span>
      </p>
      <progress value={rebuild.position} max={Math.max(1, rebuild.target)} aria-label={t.ops.rebuild} />
      <p className="sub">{rebuild.error || t.ops.rebuildNote}</p>
    </div>
  );
}

function TypesPanel() {
  const { t } = useSpeech();
  const { data, error, refetch } = useTypes();
  const known = data?.filter((type) => type.known).length ?? 0;
  return (
    <Section title={t.ops.types} {...(data && { count: data.length })}>
      {error && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} />}
      {data?.length === 0 && <p className="none">{t.ops.noTypes}</p>}
      {data && data.length > 0 && (
        <>
          <p className="sub">{t.ops.covered(known, data.length)}</p>
          <div className="table" tabIndex={0} role="group" aria-label={t.ops.types}><TypeTable types={data} /></div>
        </>
      )}
    </Section>
  );
}

function TypeTable({ types }: { types: TypeCoverage[] }) {
  const { t, f } = useSpeech();
  const now = useNow();
  return (
    <table className="plain">
      <thead>
        <tr>
          {[t.ops.source, t.ops.type, t.ops.channel, t.ops.state].map((name) => <th key={name} scope="col">{name}</th>)}
          <th scope="col" className="end">{t.ops.count}</th>
          <th scope="col" className="end">{t.ops.lastSeen}</th>
        </tr>
      </thead>
      <tbody>
        {types.map((type) => (
          <tr key={`${type.source}/${type.type}`}>
            <td>{type.source}</td>
            <th scope="row">{type.type}</th>
            <td>{type.channel && t.channels[laneOf(type.channel)]}</td>
            <td className={type.known ? '' : 'bad'}>{type.known ? t.ops.known : t.ops.unknown}</td>
            <td className="end num">{f.number(type.count)}</td>
            <td className="end num">{type.last_seen && f.ago(type.last_seen, now)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
