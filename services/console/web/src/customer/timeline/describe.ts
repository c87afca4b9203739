// What a row says beside its headline: the amount, who was there, what was said, and the numbers to act on.
import type { Facts, TimelineEvent } from '../../api/types';
import { word, type Speech } from '../../i18n';
import type { Stage } from './messages';

export interface Chip {
  text: string;
  look: 'id' | 'plain' | 'bad';
}

export interface Description {
  detail: string;
  quote: string;
  by: string;
  chips: Chip[];
  amount: { text: string; look: 'paid' | 'failed' | 'back' | 'light' } | null;
}

/** Types whose text is what the customer said, word for word. */
const said = new Set(['inquiry.opened', 'inquiry.reopened', 'survey.answered', 'review.submitted']);
const paid = new Set(['order.completed', 'payment.approved']);
/** Types whose amount is a price on a label, which nobody has decided to pay. */
const priced = new Set(['product.viewed', 'product.clicked', 'product.list_viewed', 'product.shared']);
const back = new Set(['order.refunded', 'order.cancelled']);

export function describe(event: TimelineEvent, stages: Stage[], speech: Speech): Description {
  const facts = event.data;
  const headline = speech.say(event.headline);
  return {
    detail: stages.map((stage) => speech.t.timeline.stages[stage]).join(' · ') || detailOf(event, speech, headline),
    quote: said.has(event.type) ? (facts.text ?? '') : '',
    by: byOf(facts, speech, headline),
    chips: chipsOf(event, speech, headline),
    amount: amountOf(event, headline, speech),
  };
}

/** Parts that the headline has already said are left out. */
function unsaid(parts: (string | undefined)[], headline: string): string {
  return parts.filter((part) => part && !headline.includes(part)).join(' · ');
}

function detailOf({ type, data }: TimelineEvent, { t, f }: Speech, headline: string): string {
  const item = data.item ? t.timeline.itemsMore(data.item, (data.items_count ?? 1) - 1) : undefined;
  const text = said.has(type) ? undefined : data.text;
  const menu = data.menu ? t.timeline.menu(data.menu) : undefined;
  const waited = data.wait_s ? t.timeline.waited(f.seconds(data.wait_s)) : undefined;
  const [status, method] = [word(t.words, data.status ?? ''), word(t.words, data.method ?? '')];
  return unsaid([item, data.topic, menu, waited, text, data.reason, status, method, data.category], headline);
}

function byOf(facts: Facts, { t }: Speech, headline: string): string {
  if (facts.agent && !headline.includes(facts.agent)) return t.timeline.agent(facts.agent);
  return facts.author && !headline.includes(facts.author) ? facts.author : '';
}

function chipsOf({ data }: TimelineEvent, { t }: Speech, headline: string): Chip[] {
  const chips: Chip[] = [];
  const add = (text: string | undefined, look: Chip['look']) => {
    if (text && !headline.includes(text) && !chips.some((chip) => chip.text === text)) chips.push({ text, look });
  };
  add(data.case_id, 'id');
  add(data.order_id, 'id');
  add(data.inquiry_id, 'id');
  add(data.store, 'plain');
  add(data.coupon, 'plain');
  if (!data.subject) add(data.campaign, 'plain');
  if (data.complaint) add(t.timeline.complaint, 'bad');
  if (data.error_code) add(t.timeline.error(data.error_code), 'bad');
  if (data.resolved === false) add(t.timeline.unresolved, 'bad');
  return chips;
}

function amountOf({ type, data }: TimelineEvent, headline: string, { f }: Speech): Description['amount'] {
  if (!data.total || priced.has(type)) return null;
  const text = f.money(data.total, data.currency ?? 'KRW');
  if (headline.includes(text)) return null;
  if (type === 'payment.failed') return { text, look: 'failed' };
  if (back.has(type)) return { text: `−${text}`, look: 'back' };
  return { text, look: paid.has(type) ? 'paid' : 'light' };
}
