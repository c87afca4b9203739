import type { ReactNode } from 'react';
import { vars } from '../ui/vars';
import { heightOf, labelled } from './scale';

interface Props {
  low?: number;
  high: number;
  /** How a value on the left axis reads. */
  say: (value: number) => string;
  /** Names along the axis below, from left to right. */
  names: string[];
  /** Whether names stand under the middles of bars, not under points that reach both edges. */
  between: boolean;
  children: ReactNode;
}

/** The box a chart is drawn in, with its axes in letters that do not stretch. */
export function Plot({ low = 0, high, say, names, between, children }: Props) {
  const ticks = low < 0 ? [high, 0, low] : [high, (high + low) / 2, low];
  const at = (i: number) => (between ? (i + 0.5) / names.length : names.length > 1 ? i / (names.length - 1) : 0.5);
  return (
    <div className="plot" aria-hidden>
      <div className="plot-y num">{ticks.map((tick) => <span key={tick} style={vars({ '--at': heightOf(tick, low, high) / 100 })}>{say(tick)}</span>)}</div>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none">
        {ticks.map((tick) => <path key={tick} className="grid" d={`M0 ${heightOf(tick, low, high)}H100`} />)}
        {children}
      </svg>
      <div className="plot-x num">{labelled(names.length, 6).map((i) => <span key={i} style={vars({ '--at': at(i) })}>{names[i]}</span>)}</div>
    </div>
  );
}
