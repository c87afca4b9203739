import type { Totals as TotalsData } from '../../api/types';
import { useSpeech } from '../../i18n';
import { laneCounts, laneIcons, lanes, type Lane } from '../../ui/channel';
import { Section } from '../../ui/Section';
import { laneColour } from '../../ui/vars';

/** Everything on record, by channel. */
export function Totals({ totals }: { totals: TotalsData }) {
  const { t, f } = useSpeech();
  const counts = laneCounts(totals.by_channel);
  const shown = [...lanes, 'other' as Lane].filter((lane) => counts[lane] > 0);
  return (
    <Section title={t.right.totals} aside={<span className="sub num">{f.number(totals.events)}</span>}>
      <dl className="sums">
        {shown.map((lane) => {
          const Icon = laneIcons[lane];
          return (
            <div key={lane} style={laneColour(lane)}>
              <dt><Icon size={13} aria-hidden />{t.channels[lane]}</dt>
              <dd className="num">{f.number(counts[lane])}</dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}
