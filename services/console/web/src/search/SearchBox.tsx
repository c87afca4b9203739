import { Search } from 'lucide-react';
import { useEffect, useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { CustomerRow } from '../api/types';
import { useSpeech } from '../i18n';
import { customerPath } from '../ui/address';
import { Failure } from '../ui/Failure';
import { isComposing, onEnter } from '../ui/onEnter';
import { Skeleton } from '../ui/Skeleton';
import { ResultRow } from './ResultRow';
import { useSearch } from './useSearch';

interface Props {
  initial: string;
  /** Told what was asked, once typing pauses, so that the address can carry it. */
  asked: (query: string) => void;
  open: (customer: CustomerRow) => void;
  /** Escape closes at once where there is something to close; by itself a search field only empties. */
  close?: () => void;
  /** What stands at the end of the box: the key or button that closes it. */
  end?: ReactNode;
}

/** A combobox over all customers: the box, and the results with the reason for each. */
export function SearchBox({ initial, asked, open, close, end }: Props) {
  const { t } = useSpeech();
  const [text, setText] = useState(initial);
  const [active, setActive] = useState(0);
  const list = useId();
  const { customers, query, busy, isPending, isError, error, refetch } = useSearch(text, open);
  const waiting = isPending && query !== '';
  useEffect(() => {
    setActive(0);
    if (query !== initial) asked(query);
  }, [query]);

  const choose = (event: KeyboardEvent) => {
    const customer = customers[active];
    if (!customer) return;
    if (event.altKey) window.open(customerPath(customer.id), '_blank', 'noopener');
    else open(customer);
  };
  const enter = onEnter(choose);
  const move = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === 'Escape' && close) {
      event.preventDefault();
      close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return enter(event);
    event.preventDefault();
    setActive((i) => Math.max(0, Math.min(customers.length - 1, i + step)));
  };
  const option = (i: number) => `${list}-${i}`;

  return (
    <div className="finder">
      <div className="finder-box">
        <Search size={18} aria-hidden />
        <input
          type="search"
          role="combobox"
          autoFocus
          value={text}
          placeholder={t.search.placeholder}
          aria-label={t.search.label}
          aria-expanded={customers.length > 0}
          aria-controls={list}
          aria-autocomplete="list"
          aria-activedescendant={customers[active] ? option(active) : undefined}
          autoComplete="off"
          spellCheck={false}
          enterKeyHint="search"
          onChange={(e) => setText(e.target.value)}
          onKeyDown={move}
        />
        {end}
      </div>
      {customers.length > 0 && <p className="finder-hint">{t.search.found}</p>}
      <ul id={list} role="listbox" aria-label={t.search.found} aria-busy={busy} className="results">
        {customers.map((customer, i) => (
          <li
            key={customer.id}
            id={option(i)}
            role="option"
            aria-selected={i === active}
            onMouseMove={() => setActive(i)}
            onClick={() => open(customer)}
          >
            <ResultRow customer={customer} query={query} />
          </li>
        ))}
      </ul>
      {isError && customers.length === 0 && <Failure title={t.customer.panelFailed} detail={error.message} retry={() => void refetch()} />}
      {waiting && <Skeleton lines={5} height={44} />}
      {!waiting && !isError && query && customers.length === 0 && <Nobody query={query} />}
      <p className="finder-foot">{t.search.hint}</p>
      <p className="hidden" role="status">{query && !busy && !waiting ? t.search.results(customers.length) : ''}</p>
    </div>
  );
}

function Nobody({ query }: { query: string }) {
  const { t } = useSpeech();
  return (
    <div className="nothing">
      <b>{t.search.none(query)}</b>
      <span>{t.search.noneHint}</span>
    </div>
  );
}
