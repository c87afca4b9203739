import type { Brief as BriefData, BriefStep } from '../api/types';
import { useSpeech } from '../i18n';
import { laneIcons, laneOf } from '../ui/channel';
import { useNow } from '../ui/useNow';
import { vars } from '../ui/vars';

interface Props {
  brief: BriefData;
  /** Shows the events behind the brief. */
  showEvidence: (positions: number[]) => void;
}

/** The answer to "why is this person calling?", before they say hello. */
export function Brief({ brief, showEvidence }: Props) {
  const { t, f, say } = useSpeech();
  const reason = say(brief.reason);
  const span = f.span(Date.parse(brief.until) - Date.parse(brief.since));
  return (
    <section className="before" aria-label={t.brief.title}>
      <header>
        <h2>{t.brief.title}</h2>
        <span>{t.brief.about(span, brief.channels, brief.events)}</span>
      </header>
      <ol>{brief.steps.slice(0, 4).map((step) => <Step key={step.position} step={step} />)}</ol>
      {reason && (
        <footer>
          <span className="label">{t.brief.likely}</span>
          <p>
            <b>{reason}</b>{' '}
            {brief.evidence.length > 0 && <button onClick={() => showEvidence(brief.evidence)}>{t.brief.evidence}</button>}
          </p>
        </footer>
      )}
    </section>
  );
}

function Step({ step }: { step: BriefStep }) {
  const { t, f, say } = useSpeech();
  const now = useNow();
  const lane = laneOf(step.channel);
  const Icon = laneIcons[lane];
  return (
    <li className={step.tone}>
      <span className="node" style={vars({ '--c': `var(--${lane}-d)` })}>
        <Icon size={15} strokeWidth={2} role="img" aria-label={t.channels[lane]} />
      </span>
      <time dateTime={step.time}>{f.ago(step.time, now)}</time>
      <b>{say(step.title)}</b>
      <span>{say(step.detail)}</span>
    </li>
  );
}
