import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { fetchCustomer, keys, useCustomer } from '../api/queries';
import type { Customer } from '../api/types';
import { useSpeech } from '../i18n';
import { useFollow } from '../live/LiveContext';
import { dayOf } from '../format/zone';
import { Guard } from '../ui/Guard';
import { useChangeParams, useParam } from '../ui/address';
import { useNarrow } from '../ui/useNarrow';
import { FixedNow } from '../ui/useNow';
import { Brief } from './Brief';
import { CallPill } from './CallPill';
import { CustomerFailure } from './CustomerFailure';
import { Dock } from './Dock';
import { EvidenceSheet } from './EvidenceSheet';
import { Header } from './Header';
import { HeaderPreview } from './HeaderPreview';
import { IdentitySheet } from './IdentitySheet';
import { Left } from './left/Left';
import { PastBar } from './PastBar';
import { Ribbon } from './Ribbon';
import { Right } from './right/Right';
import { Tabs, type Tab } from './Tabs';
import { callOf } from './timeline/ongoing';
import { Timeline } from './timeline/Timeline';
import { contacts } from './traits';
import { useAsOf, type AsOf } from './useAsOf';
import { useMarked } from './useMarked';
import { useReveal } from './useReveal';

const WhySheet = lazy(() => import('./why/WhySheet'));
const ThenAndNow = lazy(() => import('./past/ThenAndNow'));

/** One customer: who it is, what happened before this call, and the whole story. */
export function CustomerPage({ id }: { id: string }) {
  const asOf = useAsOf();
  const { data, error, refetch, dataUpdatedAt } = useCustomer(id, asOf.date);
  const { t, f } = useSpeech();
  useRefresh(id, asOf.date ? undefined : data);
  useEffect(() => {
    if (data) document.title = t.customer.title(data.name || t.home.noName);
  }, [data?.name, t]);
  if (!data && error) return <CustomerFailure error={error} retry={() => void refetch()} />;
  const stale = error && data ? t.customer.asOf(f.time(dataUpdatedAt)) : '';
  return <FixedNow value={asOf.end}><Loaded id={id} customer={data} asOf={asOf} stale={stale} /></FixedNow>;
}

function Loaded({ id, customer, asOf, stale }: { id: string; customer: Customer | undefined; asOf: AsOf; stale: string }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [tab, setTab] = useState<Tab>('timeline');
  const [week, setWeek] = useState<string | null>(null);
  const [evidence, setEvidence] = useState(false);
  const [events, setEvents] = useState<number[] | null>(null);
  const [why, setWhy] = useParam('why');
  const changeParams = useChangeParams();
  const reveal = useReveal();
  const call = customer && !asOf.date && callOf(customer);
  const show = (date: string) => {
    setTab('timeline');
    setWeek(date);
  };
  const marked = useMarked(show);
  const showEvent = (position: number, time: string) => {
    changeParams({ why: null, ev: String(position) });
    show(dayOf(Date.parse(time)));
  };
  const open = customer?.cases.filter((c) => c.state !== 'closed').length ?? 0;

  return (
    <>
      {call && <CallPill since={call.time} number={contacts(customer, 'phone')[0]?.value} />}
      {customer ? <Header customer={customer} reveal={reveal} stale={stale} /> : <HeaderPreview />}
      <Guard>{customer ? <Ribbon ribbon={customer.ribbon} jump={show} asOf={asOf} /> : <div className="ribbon blank" />}</Guard>
      {asOf.date && <PastBar date={asOf.date} toNow={() => asOf.go('')} />}
      {narrow && <Tabs tab={tab} choose={setTab} open={open} />}
      <div className={`cols show-${tab}`} id="customer-panel">
        <aside className="left" tabIndex={0} aria-label={t.customer.profile}>
          <Guard>{customer && <Left customer={customer} reveal={reveal} showEvidence={() => setEvidence(true)} showWhy={setWhy} />}</Guard>
        </aside>
        <section className="mid" tabIndex={0} aria-label={t.customer.timeline}>
          <Guard>{customer?.brief && !asOf.date && <Brief brief={customer.brief} showEvidence={setEvents} />}</Guard>
          <Guard>
            <Timeline
              id={id}
              customer={customer}
              asOf={asOf.date}
              marked={marked}
              hidden={narrow && tab === 'summary'}
              week={week}
              jumped={() => setWeek(null)}
              jump={show}
              showEvidence={() => setEvidence(true)}
            />
          </Guard>
        </section>
        <aside className="right" tabIndex={0} aria-label={t.customer.summary}>
          {asOf.date && customer && <Guard><Suspense><ThenAndNow then={customer} date={asOf.date} /></Suspense></Guard>}
          <Guard>{customer && <Right customer={customer} asOf={asOf.date} showWhy={setWhy} />}</Guard>
        </aside>
      </div>
      {narrow && <Dock jump={show} />}
      {events && <EvidenceSheet positions={events} close={() => setEvents(null)} />}
      {why && <Suspense><WhySheet id={id} what={why} asOf={asOf.date} showEvent={showEvent} close={() => setWhy(null)} /></Suspense>}
      {evidence && <IdentitySheet id={id} reveal={reveal} close={() => setEvidence(false)} />}
    </>
  );
}

/** Asks for the customer again after live events, once they are folded; a burst makes one request. */
function useRefresh(id: string, customer: Customer | undefined): void {
  const queries = useQueryClient();
  const refresh = (wait?: number) => {
    const queryFn = ({ signal }: { signal: AbortSignal }) => fetchCustomer(id, { wait }, signal);
    queries.fetchQuery({ queryKey: keys.customer(id), staleTime: 0, queryFn }).catch(() => {}); // what is shown stays
  };
  useFollow(customer, customer?.position ?? 0, {
    take: (events) => {
      const last = Math.max(...events.map((event) => event.position));
      if (last > (customer?.position ?? 0)) refresh(last);
    },
    reset: () => refresh(),
  }, 2_000);
}
