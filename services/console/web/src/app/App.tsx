import { QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { Route, Switch } from 'wouter';
import { CustomerPage } from '../customer/CustomerPage';
import { HomePage } from '../home/HomePage';
import { speech, SpeechContext } from '../i18n';
import type { Hub } from '../live/hub';
import { LiveProvider } from '../live/LiveContext';
import { Guard } from '../ui/Guard';
import { Skeleton } from '../ui/Skeleton';
import { useSettings } from './settings';
import { Shell } from './Shell';

const SegmentsPage = lazy(() => import('../segments/SegmentsPage'));
const SegmentPage = lazy(() => import('../segments/SegmentPage'));
const ChurnPage = lazy(() => import('../churn/ChurnPage'));
const OpsPage = lazy(() => import('../ops/OpsPage'));

/** The providers and the routes: everything a page needs to exist. */
export function App({ queries, hub }: { queries: QueryClient; hub: Hub }) {
  const { language, theme } = useSettings();
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  const spoken = useMemo(() => speech(language), [language]);

  return (
    <SpeechContext value={spoken}>
      <QueryClientProvider client={queries}>
        <LiveProvider value={hub}>
          <Shell>
            <Guard>
              <Suspense fallback={<Skeleton lines={8} />}>
                <Switch>
                  <Route path="/customers/:id">{({ id }) => <CustomerPage key={id} id={id} />}</Route>
                  <Route path="/segments"><SegmentsPage /></Route>
                  <Route path="/segments/:name">{({ name }) => <SegmentPage key={name} name={name} />}</Route>
                  <Route path="/analytics/churn"><ChurnPage /></Route>
                  <Route path="/churn"><ChurnPage /></Route>
                  <Route path="/ops"><OpsPage /></Route>
                  <Route><HomePage /></Route>
                </Switch>
              </Suspense>
            </Guard>
          </Shell>
        </LiveProvider>
      </QueryClientProvider>
    </SpeechContext>
  );
}
