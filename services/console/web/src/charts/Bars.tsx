import type { Series } from './Figure';
import { Plot } from './Plot';
import { heightOf, niceMax, round } from './scale';

export interface BarSeries extends Series {
  /** Values below 0 hang down. */
  values: number[];
}

interface Props {
  bars: BarSeries[];
  names: string[];
  say: (value: number) => string;
}

/** One bar a place; several series stand on the same line, up and down. */
export function Bars({ bars, names, say }: Props) {
  const all = bars.flatMap((one) => one.values);
  const high = niceMax(Math.max(0, ...all));
  const low = Math.min(...all) < 0 ? -niceMax(-Math.min(...all)) : 0;
  const width = 100 / Math.max(1, names.length);
  const base = heightOf(0, low, high);
  return (
    <Plot high={high} low={low} say={say} names={names} between>
      {bars.map(({ name, look, values }) => values.map((value, i) => {
        const top = Math.min(base, heightOf(value, low, high));
        const height = Math.abs(heightOf(value, low, high) - base);
        return <rect key={`${name} ${names[i]}`} className={look} x={round((i + 0.18) * width)} width={round(0.64 * width)} y={top} height={height} />;
      }))}
    </Plot>
  );
}
