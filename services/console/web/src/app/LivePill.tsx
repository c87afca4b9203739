import { useSpeech, type Speech } from '../i18n';
import type { LinkStatus } from '../live/hub';
import { useLink } from '../live/LiveContext';

/** From so many seconds on the page is behind enough that an agent should know. */
const slowFrom = 3;

function words({ state, status }: LinkStatus, { t, f }: Speech): { look: string; title: string; detail: string } {
  if (state === 'connecting') return { look: 'wait', title: t.live.connecting, detail: '' };
  if (state === 'lost') return { look: 'lost', title: t.live.lost, detail: t.live.reconnecting };
  const seconds = status?.lag_seconds ?? 0;
  const detail = status ? t.live.behind(f.decimal(seconds)) : '';
  return seconds >= slowFrom ? { look: 'slow', title: t.live.slow, detail } : { look: 'live', title: t.live.live, detail };
}

/** How fresh the page is: live, delayed by so much, or cut off. */
export function LivePill() {
  const { look, title, detail } = words(useLink(), useSpeech());
  return (
    <span className="live-pill" data-state={look}>
      <i aria-hidden />
      <span role="status">{title}</span>
      {detail && <em className="num">{detail}</em>}
    </span>
  );
}
