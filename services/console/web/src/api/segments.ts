// Segments as the API tells of them: what they are, who is in, why, and what a rule would have done.
import type { Money, Text } from './types';

/** A rule is a JSON tree; the console shows and edits it as text. */
export type Rule = unknown;

export interface SegmentFlow {
  entered: number;
  left: number;
}

export interface SegmentFault {
  pointer: string;
  detail: string;
}

export interface Segment {
  name: string;
  title: Text;
  rule: Rule | null;
  version: number;
  from: string;
  defined_at: string;
  removed: boolean;
  members: number;
  left: { done: number; fresh: boolean } | null;
  fault: SegmentFault | null;
  last_24h: SegmentFlow;
  last_7d: SegmentFlow;
}

export interface SegmentVersion {
  number: number;
  from: string;
  until: string | null;
  title: Text;
  rule: Rule | null;
  actor: string;
  own: boolean;
  removed: boolean;
  fault: SegmentFault | null;
}

export interface SegmentWhole extends Segment {
  versions: SegmentVersion[];
  needs: string[];
  needed_by: string[];
  position: number;
}

export interface SegmentMembers {
  members: { id: string; name: string; since: string }[];
  total: number;
  next: string;
  position: number;
}

/** An event that an answer rests on. Position 0 is in no timeline. */
export interface SegmentEvidence {
  position: number;
  fragment: string;
  type: string;
  time: string;
  headline: Text;
  pivotal: boolean;
}

export interface SegmentCause {
  kind: 'event' | 'clock' | 'rule';
  event: SegmentEvidence | null;
}

export interface SegmentChange {
  customer: { id: string; name: string };
  at: string;
  entered: boolean;
  version: number;
  cause: SegmentCause;
}

export interface SegmentLine {
  pointer: string;
  words: Text;
  fails: number;
  loses: number;
}

export interface SegmentPreview {
  sampled: boolean;
  fraction: number;
  looked_at: number;
  customers: number;
  members: number;
  low: number;
  high: number;
  share: number;
  lines: SegmentLine[];
  examples: { id: string; name: string }[];
  near: { id: string; name: string }[];
  at: string;
  position: number;
}

export interface SegmentOutcome {
  customers: number;
  ordered: number;
  orders: number;
  net: Money[];
  silent: number;
}

export interface SegmentMonth {
  month: string;
  end: string;
  members: number;
  customers: number;
  entered: number;
  left: number;
  next: SegmentOutcome;
  others: SegmentOutcome;
}

export interface SegmentBacktest {
  from: string;
  to: string;
  horizon_days: number;
  months: SegmentMonth[];
  entered: SegmentOutcome;
  members: SegmentOutcome;
  others: SegmentOutcome;
  position: number;
}

/** A segment as the page of a customer names it. */
export interface CustomerSegment {
  name: string;
  title: Text;
  in: boolean;
  since: string | null;
  version: number;
}

export interface SegmentCondition {
  pointer: string;
  segment: string;
  words: Text;
  passed: boolean;
  observed: string;
  wanted: string;
  evidence: SegmentEvidence[];
  total: number;
  parts: SegmentCondition[];
}

export interface SegmentWhy extends CustomerSegment {
  cause: SegmentCause | null;
  next: string | null;
  why: SegmentCondition | null;
  fault: SegmentFault | null;
}

export interface CustomerSegments {
  id: string;
  at: string;
  segments: SegmentWhy[];
  position: number;
}
