// Churn as the API tells of it: who is flagged, why, by which policy, and what that policy was worth on past days.
import type { Channel, Money, Text } from './types';

export interface ChurnEvidence {
  position: number;
  type: string;
  time: string;
  pivotal: boolean;
}

export interface ChurnReason {
  code: string;
  text: Text;
  weight: number;
}

export interface ChurnReasonWhole extends ChurnReason {
  channel: Channel | '';
  numbers: Record<string, number>;
  evidence: ChurnEvidence[];
}

export interface RiskPoint {
  time: string;
  risk: number;
  flagged: boolean;
}

/** The flag as the page of a customer shows it. */
export interface ChurnBrief {
  policy: string;
  title: Text;
  version: number;
  flagged: boolean;
  since: string | null;
  risk: number;
  known: boolean;
  note: Text | null;
  trend: RiskPoint[];
  reasons: ChurnReason[];
}

export interface PlainRecency {
  precision: number;
  recall: number;
  f1: number;
  auc: number;
}

export interface PolicyWorth {
  text: Text;
  cutoffs: string[];
  held_back: boolean;
  horizon_days: number;
  label: 'no_purchase' | 'no_visit';
  customers: number;
  slipped: number;
  flagged: number;
  right: number;
  base_rate: number;
  precision: number;
  recall: number;
  auc: number;
  recency: PlainRecency;
}

export interface PolicyBrief {
  name: string;
  title: Text;
  kind: string;
  version: number;
  since: string;
  actor: string;
  measured: PolicyWorth | null;
  note: Text | null;
}

export type Outcome = 'pending' | 'returned' | 'bought' | 'lost';

export interface CustomerFlag {
  policy: PolicyBrief;
  flagged: boolean;
  since: string | null;
  due: string | null;
  risk: number;
  known: boolean;
  note: Text | null;
  trend: RiskPoint[];
  reasons: ChurnReasonWhole[];
  pivotal: ChurnEvidence[];
  past: { raised: string; began: boolean; lowered: string | null; version: number; outcome: Outcome; cause: ChurnEvidence | null }[];
}

export interface CustomerFlags {
  id: string;
  flags: CustomerFlag[];
  missing: Text | null;
  position: number;
}

export interface Flag {
  id: string;
  name: string;
  tier: string;
  last_channel: Channel | '';
  last_seen: string | null;
  since: string;
  risk: number;
  reasons: ChurnReasonWhole[];
  silent_days: number | null;
  usual_gap_days: number | null;
  value: Money[];
}

export interface FlagOutcomes {
  raised: number;
  returned: number;
  bought: number;
  lost: number;
  pending: number;
  days: number;
  within_days: number;
  complete: boolean;
}

export interface FlagTotals {
  flagged: number;
  days_7: { raised: number; lowered: number };
  days_30: { raised: number; lowered: number };
  complete: boolean;
}

export interface Flags {
  policy: PolicyBrief | null;
  missing: Text | null;
  flags: Flag[];
  totals: FlagTotals;
  outcomes: FlagOutcomes;
  order: FlagOrder;
  ranked: { at: string; of: number; exact: boolean } | null;
  judging: { done: number; fresh: boolean } | null;
  next: string;
  position: number;
}

export type FlagOrder = 'risk' | 'since';

export interface FlagMetrics {
  cutoff: string;
  customers: number;
  slipped: number;
  flagged: number;
  right: number;
  base_rate: number;
  precision: number;
  recall: number;
  f1: number;
  lift: number;
  auc: number;
  /** Flagged too, but the horizon can tell nothing of them; in no other number. */
  unjudged: number;
  recency: PlainRecency;
}

export interface FlagThreshold {
  risk: number;
  flagged: number;
  right: number;
  precision: number;
  recall: number;
  recency_precision: number;
  recency_recall: number;
  net: number;
}

export interface ChurnBacktest {
  kind: string;
  label: 'no_visit' | 'no_purchase';
  horizon_days: number;
  all: FlagMetrics;
  cutoffs: FlagMetrics[];
  curve: FlagThreshold[];
  best: FlagThreshold | null;
  text: Text;
  position: number;
}

/** What contacting one flagged customer costs, and what a right flag is worth. */
export interface FlagCost {
  contact: number;
  saved: number;
}
