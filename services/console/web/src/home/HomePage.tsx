import { useEffect } from 'react';
import { useSpeech } from '../i18n';
import { SearchBox } from '../search/SearchBox';
import { customerPath, useGo, useParam } from '../ui/address';
import { Activity } from './Activity';
import { Recent } from './Recent';

/** Where an agent starts: the search, who was heard of last, and what is happening just now. */
export function HomePage() {
  const { t } = useSpeech();
  const go = useGo();
  const [query, setQuery] = useParam('q');
  useEffect(() => {
    document.title = `${t.nav.customers} — c360`;
  }, [t]);
  return (
    <div className="home">
      <h1>{t.home.title}</h1>
      <SearchBox
        initial={query ?? ''}
        asked={(text) => setQuery(text || null)}
        open={(customer) => go(customerPath(customer.id))}
      />
      {!query && <Recent />}
      {!query && <Activity />}
    </div>
  );
}
