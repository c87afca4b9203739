// What the newest answer about a customer says is still going on: a call, a question nobody has answered.
import type { BriefStep, Customer, TimelineEvent } from '../../api/types';
import type { Speech } from '../../i18n';
import { positionsOf } from './merge';

export interface Ongoing {
  /** Since when the customer is on the phone; empty if this event is not that call. */
  call: string;
  /** "미응답 41분" while the question waits; else empty. */
  waiting: string;
}

/** The call that is going on, if the brief knows of one. */
export function callOf(customer: Customer): BriefStep | undefined {
  return customer.brief?.steps.find((step) => step.tone === 'live' && step.channel === 'call');
}

export function ongoingOf(event: TimelineEvent, customer: Customer | undefined, now: number, { t, f }: Speech): Ongoing {
  const call = customer && callOf(customer);
  const since = call && positionsOf(event).includes(call.position) ? call.time : '';
  const id = event.data.case_id ?? event.data.inquiry_id;
  const open = event.type === 'inquiry.opened' && id ? customer?.cases.find((c) => c.id === id && c.state === 'open') : undefined;
  const waited = open ? now - Date.parse(open.opened_at) : 0;
  return { call: since, waiting: waited > 0 ? t.timeline.unanswered(f.span(waited)) : '' };
}
