// The shapes the API answers with, as they come over the wire (see /openapi.json). Times are RFC 3339 texts.
import type { ChurnBrief } from './churn';
import type { OfferBrief } from './offers';
import type { CustomerSegment } from './segments';
import type { Glance } from './value';

export type Channel = 'web' | 'app' | 'store' | 'call' | 'inquiry' | 'message' | 'other';
export type Tone = 'plain' | 'good' | 'bad' | 'live';
export type Grade = 'verified' | 'asserted' | 'claimed';

/** A sentence the server wrote in both languages. */
export interface Text {
  ko: string;
  en: string;
}

export interface Money {
  currency: string;
  amount: number;
}

/** Why a customer was found. */
export interface Match {
  kind: string;
  value: string;
  proven: boolean;
}

export interface CustomerRow {
  id: string;
  name: string;
  tier: string;
  phone: string;
  email: string;
  city: string;
  last_seen: string | null;
  last_channel: Channel | '';
  events: number;
  orders: number;
  matched: Match | null;
}

export interface CustomerPage {
  customers: CustomerRow[];
  next: string;
  position: number;
}

export interface Identifier {
  kind: string;
  value: string;
  grade: Grade;
  fragments: string[];
  first_seen: string | null;
  inert: boolean;
}

export interface Trait {
  value: unknown;
  grade: Grade;
  source: string;
  time: string;
}

export interface Totals {
  events: number;
  by_channel: Partial<Record<Channel, number>>;
  by_type: Record<string, number>;
  orders: number;
  cancelled: number;
  revenue: Money[];
  refunded: Money[];
  first_order_at: string | null;
  last_order_at: string | null;
  by_quarter: (Money & { quarter: string })[];
}

export interface Consent {
  purpose: string;
  medium: string;
  given: boolean;
  time: string;
  source: string;
}

export interface Case {
  id: string;
  subject: string;
  category: string;
  complaint: boolean;
  state: 'open' | 'answered' | 'closed';
  opened_at: string;
  answered_at: string | null;
  closed_at: string | null;
  channel: Channel | '';
  order_id: string;
  agent: string;
}

export interface Note {
  id: string;
  text: string;
  author: string;
  store: string;
  pinned: boolean;
  time: string;
}

export interface Ribbon {
  /** The Monday of the first week, YYYY-MM-DD. */
  start: string;
  weeks: number;
  channels: Partial<Record<Channel, number[]>>;
}

export interface BriefStep {
  time: string;
  channel: Channel;
  type: string;
  title: Text;
  detail: Text;
  tone: Tone;
  count: number;
  position: number;
}

export interface Brief {
  since: string;
  until: string;
  channels: number;
  events: number;
  steps: BriefStep[];
  reason: Text;
  evidence: number[];
}

export interface Fragment {
  id: string;
  first_seen: string | null;
  last_seen: string | null;
  events: number;
  channels: Channel[];
  sources: string[];
}

export interface Rhythm {
  usual_gap_days: number | null;
  silent_days: number | null;
}

export interface Customer {
  id: string;
  name: string;
  initials: string;
  fragments: Fragment[];
  identifiers: Identifier[];
  traits: Record<string, Trait>;
  totals: Totals;
  first_seen: string | null;
  last_seen: string | null;
  last_channel: Channel | '';
  segments: CustomerSegment[];
  churn: ChurnBrief | null;
  value: Glance | null;
  recommendations: OfferBrief[];
  /** Why there are none, if that can be told. */
  recommendations_note: Text | null;
  consents: Consent[];
  cases: Case[];
  notes: Note[];
  ribbon: Ribbon;
  brief: Brief | null;
  rhythm: Rhythm;
  position: number;
}

/** The few fields of an event that its row shows. What a type does not have is absent. */
export interface Facts {
  order_id?: string;
  total?: number;
  currency?: string;
  item?: string;
  items_count?: number;
  category?: string;
  store?: string;
  reason?: string;
  error_code?: string;
  status?: string;
  method?: string;
  case_id?: string;
  inquiry_id?: string;
  text?: string;
  complaint?: boolean;
  agent?: string;
  author?: string;
  topic?: string;
  menu?: string;
  wait_s?: number;
  resolved?: boolean;
  medium?: string;
  campaign?: string;
  coupon?: string;
  subject?: string;
  template?: string;
  session_id?: string;
  call_id?: string;
  note_id?: string;
}

export interface TimelineEvent {
  position: number;
  id: string;
  source: string;
  type: string;
  channel: Channel;
  time: string;
  recorded_at: string;
  fragment: string;
  headline: Text;
  detail: Text;
  data: Facts;
  tone: Tone;
  /** How many like this were folded into one row, and the time of the oldest of them. */
  count: number;
  until: string | null;
  /** The events of a run, newest first. */
  group?: number[];
  known: boolean;
}

export interface TimelinePage {
  events: TimelineEvent[];
  /** For before=: what is older; empty at the beginning of the story. */
  next: string;
  /** For after=: what is newer than this page; empty on an empty page. */
  newer: string;
  position: number;
}

export interface Month {
  month: string;
  channel: Channel;
  count: number;
  cursor: string;
}

/** One event as the source sent it. */
export interface WholeEvent {
  position: number;
  id: string;
  source: string;
  type: string;
  channel: Channel;
  time: string;
  recorded_at: string;
  headline: Text;
  data: unknown;
}

export interface Evidence {
  fragment: string;
  grade: Grade;
  source: string;
  event_id: string;
  time: string;
}

export interface Link {
  a: string;
  b: string;
  because: string;
  grade: Grade | '';
  time: string;
  source: string;
  event_id: string;
}

export interface Identity {
  id: string;
  fragments: string[];
  identifiers: (Pick<Identifier, 'kind' | 'value' | 'grade' | 'inert'> & { evidence: Evidence[] })[];
  links: Link[];
  decisions: unknown[];
  suggestions: { customer: string; because: string }[];
  position: number;
}

export interface TypeCoverage {
  source: string;
  type: string;
  known: boolean;
  channel: Channel;
  count: number;
  first_seen: string;
  last_seen: string;
}

export interface Projections {
  generation: string;
  position: number;
  head: number;
  lag_events: number;
  lag_seconds: number;
  gaps: number;
  rate: number;
  rooms: { name: string; version: number | string }[];
  parked: number;
  rebuild: Rebuild | null;
}

export interface Rebuild {
  id: string;
  state: string;
  position: number;
  target: number;
  rate: number;
  eta_seconds: number | null;
  error: string;
}

/** What the stream says every two seconds. */
export interface Status {
  position: number;
  head: number;
  lag_events: number;
  lag_seconds: number;
}

export type LiveEvent = TimelineEvent & { customer: string };
