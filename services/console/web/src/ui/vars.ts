import type { CSSProperties } from 'react';

/** Custom properties for a style: { '--c': 'var(--web)' }. */
export function vars(values: Record<`--${string}`, string | number>): CSSProperties {
  return values as CSSProperties;
}

export const laneColour = (lane: string) => vars({ '--c': `var(--${lane})` });
