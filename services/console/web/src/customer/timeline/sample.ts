import type { TimelineEvent } from '../../api/types';

/** An event for tests: at a time, with whatever matters to the test. */
export function event(position: number, time: string, more: Partial<TimelineEvent> = {}): TimelineEvent {
  return {
    position, id: `e${position}`, source: 'web', type: 'page.viewed', channel: 'web', time, recorded_at: time, fragment: 'f1',
    headline: { ko: '페이지 조회', en: 'Page viewed' }, detail: { ko: '', en: '' }, data: {}, tone: 'plain', count: 1, until: null, known: true, ...more,
  };
}
