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

/** Changes several parameters at once: one after the other, the last would win alone. */
export function useChangeParams(): (some: Record<string, string | null>) => void {
  const [, setParams] = useSearchParams();
  return useCallback((some) => {
    setParams((old) => {
      const next = new URLSearchParams(old);
      for (const [name, value] of Object.entries(some)) {
        if (value === null) next.delete(name);
        else next.set(name, value);
      }
      return next;
    }, { replace: true });
  }, [setParams]);
}

export function segmentPath(name: string): string {
  return `/segments/${encodeURIComponent(name)}`;
}

/** A customer's page at one event of the timeline. */
export function eventPath(customer: string, position: number): string {
  return `${customerPath(customer)}?ev=${position}`;
}

export function customerPath(id: string): string {
  return `/customers/${encodeURIComponent(id)}`;
}

export function useGo(): (path: string) => void {
  return useLocation()[1];
}
