// A message that was sent, delivered, opened and clicked is one thing to whoever reads the story, and four events in
// the log. Its steps follow each other and say the same, so they are shown as one row, the sending.
import type { TimelineEvent } from '../../api/types';
import { positionsOf } from './merge';

export type Stage = 'delivered' | 'opened' | 'clicked' | 'bounced';

export interface Told {
  event: TimelineEvent;
  /** What became of a message, in the order it happened. */
  stages: Stage[];
}

const stageOf: Record<string, Stage> = {
  'message.delivered': 'delivered', 'message.opened': 'opened', 'message.clicked': 'clicked', 'message.bounced': 'bounced',
};

function isSameMessage(later: TimelineEvent, earlier: TimelineEvent): boolean {
  return later.type in stageOf && earlier.type.startsWith('message.')
    && (['medium', 'subject', 'campaign', 'template'] as const).every((fact) => !later.data[fact] || !earlier.data[fact] || later.data[fact] === earlier.data[fact]);
}

/** Folds the later steps of a message, newest first, into the earliest that follows them. */
export function foldMessages(events: TimelineEvent[]): Told[] {
  const told: Told[] = [];
  let later: TimelineEvent[] = [];
  events.forEach((event, i) => {
    const next = events[i + 1];
    if (next && isSameMessage(event, next)) {
      later.push(event);
      return;
    }
    const group = [...later, event].flatMap(positionsOf);
    const stages = later.map((step) => stageOf[step.type]!).reverse();
    told.push({ event: later.length > 0 ? { ...event, group } : event, stages: [...new Set(stages)] });
    later = [];
  });
  return told;
}
