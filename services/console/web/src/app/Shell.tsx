import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useSpeech } from '../i18n';
import { SearchSheet } from '../search/SearchSheet';
import { useParam } from '../ui/address';
import { useOnline } from '../ui/useOnline';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import { useShellKeys } from './useShellKeys';

const KeySheet = lazy(() => import('./KeySheet'));

/** What stays while pages change: rail, top bar, search and the key sheet. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useSpeech();
  const online = useOnline();
  const [find, setFind] = useParam('find');
  const [keysOpen, setKeysOpen] = useState(false);
  useShellKeys({ search: () => setFind(find ?? ''), help: () => setKeysOpen(true) });

  return (
    <div className="app">
      <a className="skip" href="#main">{t.skip}</a>
      <Rail />
      <TopBar search={() => setFind('')} />
      <main id="main" className="page" tabIndex={-1}>
        {!online && <p className="offline" role="status">{t.live.offline}</p>}
        {children}
      </main>
      {find !== null && <SearchSheet query={find} setQuery={setFind} close={() => setFind(null)} />}
      {keysOpen && <Suspense><KeySheet close={() => setKeysOpen(false)} /></Suspense>}
    </div>
  );
}
