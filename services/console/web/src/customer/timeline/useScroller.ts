import { useLayoutEffect, useState, type RefObject } from 'react';
import { useNarrow } from '../../ui/useNarrow';

export interface Scroller {
  element: HTMLElement | null;
  /** How far below the top of the scrolled content the list begins. */
  margin: number;
}

/** What scrolls the list: its column on a desk, the whole page on a phone; what stands above may change height. */
export function useScroller(list: RefObject<HTMLElement | null>, hidden: boolean): Scroller {
  const narrow = useNarrow();
  const [scroller, setScroller] = useState<Scroller>({ element: null, margin: 0 });
  useLayoutEffect(() => {
    const start = list.current;
    const element = start?.closest<HTMLElement>(narrow ? '.page' : '.mid') ?? null;
    if (!start || !element || hidden) return undefined;
    const measure = () => {
      const margin = Math.round(start.getBoundingClientRect().top - element.getBoundingClientRect().top + element.scrollTop);
      setScroller((old) => (old.element === element && old.margin === margin ? old : { element, margin }));
    };
    measure();
    const watch = new ResizeObserver(measure);
    for (const above of element.querySelectorAll('.before, .tl-bar, .ribbon, .hdr')) watch.observe(above);
    watch.observe(element);
    return () => watch.disconnect();
  });
  return scroller;
}
