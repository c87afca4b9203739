import type { Totals } from '../../api/types';
import { useSpeech } from '../../i18n';
import { laneCounts, laneIcons, lanes, type Lane } from '../../ui/channel';
import { laneColour } from '../../ui/vars';

interface Props {
  lane: Lane | null;
  choose: (lane: Lane | null) => void;
  totals: Totals | undefined;
}

/** Which channels the list shows, each with how much there is. */
export function ChannelChips({ lane, choose, totals }: Props) {
  const { t, f } = useSpeech();
  const counts = totals ? laneCounts(totals.by_channel) : null;
  const shown: Lane[] = counts && counts.other > 0 ? [...lanes, 'other'] : [...lanes];
  return (
    <div className="chips" role="group" aria-label={t.timeline.channels}>
      <button aria-pressed={lane === null} aria-keyshortcuts="0" onClick={() => choose(null)}>
        {t.timeline.all}
        {totals && <em>{f.number(totals.events)}</em>}
      </button>
      {shown.map((name, i) => {
        const Icon = laneIcons[name];
        return (
          <button key={name} aria-pressed={lane === name} aria-keyshortcuts={String(i + 1)} style={laneColour(name)} onClick={() => choose(lane === name ? null : name)}>
            <Icon size={13} aria-hidden />
            {t.channels[name]}
            {counts && <em>{f.number(counts[name])}</em>}
          </button>
        );
      })}
    </div>
  );
}
