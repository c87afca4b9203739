// Typed access to the parameters of the address. All state a link should carry lives there.
import { useCallback } from 'react';
import { useLocation, useSearchParams } from 'wouter';

/** One parameter of the address; setting it replaces the entry, so that Back leaves the page and not a keystroke. */
export function useParam(name: string): [string | null, (value: string | null) => void] {
  const [params, setParams] = useSearchParams();
  const set = useCallback((value: string | null) => {
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (value === null) next.delete(name);
      else next.set(name, value);
      return next;
    }, { replace: true });
  }, [name, setParams]);
  return [params.get(name), set];
}

export function customerPath(id: string): string {
  return `/customers/${encodeURIComponent(id)}`;
}

export function useGo(): (path: string) => void {
  return useLocation()[1];
}
