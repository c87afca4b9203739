import { X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useSpeech } from '../i18n';
import { customerPath, useGo } from '../ui/address';
import { SearchBox } from './SearchBox';

interface Props {
  query: string;
  setQuery: (query: string) => void;
  close: () => void;
}

/** The search that opens over every page: a panel on a desk, the whole screen on a phone. */
export function SearchSheet({ query, setQuery, close }: Props) {
  const { t } = useSpeech();
  const go = useGo();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="search-sheet"
      aria-label={t.search.label}
      onCancel={(e) => (e.preventDefault(), close())}
      onClick={(e) => e.target === ref.current && close()}
    >
      <SearchBox
        initial={query}
        asked={setQuery}
        close={close}
        open={(customer) => go(customerPath(customer.id))}
        end={<button className="ghost" onClick={close} aria-label={t.close}><X size={17} aria-hidden /></button>}
      />
    </dialog>
  );
}
