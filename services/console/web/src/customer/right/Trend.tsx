import type { RiskPoint } from '../../api/churn';
import { useSpeech } from '../../i18n';
import { flagAt } from '../../ui/risk';

const [width, height] = [288, 50];

/** The risk of the last weeks as one line over a surface; the dashed line is where a flag goes up. */
export function Trend({ points }: { points: RiskPoint[] }) {
  const { t, f } = useSpeech();
  if (points.length < 2) return null;
  const y = (risk: number) => height - 2 - (risk / 100) * (height - 4);
  const line = points.map(({ risk }, i) => `${((i / (points.length - 1)) * width).toFixed(1)} ${y(risk).toFixed(1)}`).join('L');
  const text = points.map(({ time, risk }) => `${f.monthDay(time)} ${risk}`).join(', ');
  return (
    <svg className="trend" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={`${t.right.trend}: ${text}`}>
      <path className="area" d={`M0 ${height}L${line}L${width} ${height}Z`} />
      <path className="mark" d={`M0 ${y(flagAt)}H${width}`} />
      <path className="line" d={`M${line}`} />
    </svg>
  );
}
