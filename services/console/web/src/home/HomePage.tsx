import { useEffect } from 'react';
import { useSpeech } from '../i18n';
import { SearchBox } from '../search/SearchBox';
import { customerPath, useGo, useParam } from '../ui/address';

const sample = `curl -u WRITE_KEY: ${location.origin}/v1/track \\
  -d '{"userId":"u1","event":"Order Completed","properties":{"order_id":"1","total":12000}}'`;

/** Where an agent starts: the search, and whoever was active last. */
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
      {!query && <Empty />}
    </div>
  );
}

function Empty() {
  const { t } = useSpeech();
  return (
    <div className="nothing">
      <b>{t.home.empty}</b>
      <span>{t.home.emptyHint}</span>
      <pre tabIndex={0}>{sample}</pre>
    </div>
  );
}
