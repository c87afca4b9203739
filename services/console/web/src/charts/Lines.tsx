import type { Series } from './Figure';
import { Plot } from './Plot';
import { heightOf, niceMax, round } from './scale';

export interface Line extends Series {
  values: number[];
}

interface Props {
  lines: Line[];
  names: string[];
  say: (value: number) => string;
  high?: number;
  low?: number;
  /** A place along the axis that stands out, such as the threshold in use. */
  mark?: number;
}

/** Lines over the same places. */
export function Lines({ lines, names, say, high, low = 0, mark }: Props) {
  const top = high ?? niceMax(Math.max(...lines.flatMap((line) => line.values)));
  const x = (i: number) => round(names.length > 1 ? (100 * i) / (names.length - 1) : 50);
  const points = (values: number[]) => values.map((value, i) => `${x(i)} ${heightOf(value, low, top)}`);
  return (
    <Plot high={top} low={low} say={say} names={names} between={false}>
      {mark !== undefined && <path className="mark" d={`M${x(mark)} 0V100`} />}
      {lines.map((line) => <path key={line.name} className={`line ${line.look}`} d={`M${points(line.values).join('L')}`} />)}
      {names.length <= 24 && lines.map((line) => <path key={line.name} className={`dots ${line.look}`} d={points(line.values).map((at) => `M${at}h0`).join('')} />)}
    </Plot>
  );
}
