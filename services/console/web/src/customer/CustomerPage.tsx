import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchCustomer, keys, useCustomer } from '../api/queries';
import type { Customer } from '../api/types';
import { useSpeech } from '../i18n';
import { useFollow } from '../live/LiveContext';
import { Guard } from '../ui/Guard';
import { useNarrow } from '../ui/useNarrow';
import { Brief } from './Brief';
import { CallPill } from './CallPill';
import { CustomerFailure } from './CustomerFailure';
import { Dock } from './Dock';
import { EvidenceSheet } from './EvidenceSheet';
import { Header } from './Header';
import { HeaderPreview } from './HeaderPreview';
import { IdentitySheet } from './IdentitySheet';
import { Left } from './left/Left';
import { Ribbon } from './Ribbon';
import { Right } from './right/Right';
import { Tabs, type Tab } from './Tabs';
import { callOf } from './timeline/ongoing';
import { Timeline } from './timeline/Timeline';
import { contacts } from './traits';
import { useReveal } from './useReveal';

/** One customer: who it is, what happened before this call, and the whole story. */
export function CustomerPage({ id }: { id: string }) {
  const { data, error, refetch, dataUpdatedAt } = useCustomer(id);
  const { t, f } = useSpeech();
  useRefresh(id, data);
  useEffect(() => {
    if (data) document.title = t.customer.title(data.name || t.home.noName);
  }, [data?.name, t]);
  if (!data && error) return <CustomerFailure error={error} retry={() => void refetch()} />;
  const stale = error && data ? t.customer.asOf(f.time(dataUpdatedAt)) : '';
  return <Loaded id={id} customer={data} stale={stale} />;
}

function Loaded({ id, customer, stale }: { id: string; customer: Customer | undefined; stale: string }) {
  const { t } = useSpeech();
  const narrow = useNarrow();
  const [tab, setTab] = useState<Tab>('timeline');
  const [week, setWeek] = useState<string | null>(null);
  const [evidence, setEvidence] = useState(false);
  const [events, setEvents] = useState<number[] | null>(null);
  const reveal = useReveal();
  const call = customer && callOf(customer);
  const show = (date: string) => {
    setTab('timeline');
    setWeek(date);
  };
  const open = customer?.cases.filter((c) => c.state !== 'closed').length ?? 0;

  return (
    <>
      {call && <CallPill since={call.time} number={contacts(customer, 'phone')[0]?.value} />}
      {customer ? <Header customer={customer} reveal={reveal} stale={stale} /> : <HeaderPreview />}
      <Guard>{customer ? <Ribbon ribbon={customer.ribbon} jump={show} /> : <div className="ribbon blank" />}</Guard>
      {narrow && <Tabs tab={tab} choose={setTab} open={open} />}
      <div className={`cols show-${tab}`} id="customer-panel">
        <aside className="left" tabIndex={0} aria-label={t.customer.profile}>
          <Guard>{customer && <Left customer={customer} reveal={reveal} showEvidence={() => setEvidence(true)} />}</Guard>
        </aside>
        <section className="mid" tabIndex={0} aria-label={t.customer.timeline}>
          <Guard>{customer?.brief && <Brief brief={customer.brief} showEvidence={setEvents} />}</Guard>
          <Guard>
            <Timeline
              id={id}
              customer={customer}
              hidden={narrow && tab === 'summary'}
              week={week}
              jumped={() => setWeek(null)}
              jump={show}
              showEvidence={() => setEvidence(true)}
            />
          </Guard>
        </section>
        <aside className="right" tabIndex={0} aria-label={t.customer.summary}>
          <Guard>{customer && <Right customer={customer} />}</Guard>
        </aside>
      </div>
      {narrow && <Dock jump={show} />}
      {events && <EvidenceSheet positions={events} close={() => setEvents(null)} />}
      {evidence && <IdentitySheet id={id} reveal={reveal} close={() => setEvidence(false)} />}
    </>
  );
}

/** Asks for the customer again after live events, once they are folded; a burst makes one request. */
function useRefresh(id: string, customer: Customer | undefined): void {
  const queries = useQueryClient();
  const refresh = (wait?: number) => {
    const queryFn = ({ signal }: { signal: AbortSignal }) => fetchCustomer(id, wait, signal);
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
