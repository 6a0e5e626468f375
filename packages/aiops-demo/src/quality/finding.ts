/** What data quality finds: something is wrong with the telemetry, not with the service it tells of. */
import type { TargetReport } from '../collect/target-report.js';
import type { LogRecord } from '../log-record.js';
import type { SignalSample } from '../signals.js';

export const FINDING_KINDS = [
  'missing-scrapes',
  'stale-target',
  'counter-reset',
  'clock-skew',
  'cardinality',
  'log-flood',
  'duplicates',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** What one check says of one round. */
export interface Observation {
  readonly kind: FindingKind;
  /** The service that the telemetry is of, or `collector`. */
  readonly source: string;
  readonly because: string;
  /** What nobody can say because of it, in words. */
  readonly notJudged: string;
  /** Signals whose values must not be believed. */
  readonly masks: readonly string[];
}

/** An observation while it lasts. */
export interface DataQualityFinding {
  readonly kind: FindingKind;
  readonly source: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly lastSeenAt: number;
  readonly because: string;
  readonly notJudged: string;
}

export interface DataQualityReport {
  readonly findings: readonly DataQualityFinding[];
  /** Every signal without a value this time, and why. */
  readonly notJudged: readonly { readonly signalId: string; readonly because: string }[];
}

/** What came in one evaluation, as the checks look at it. */
export interface Round {
  readonly at: number;
  readonly samples: ReadonlyMap<string, SignalSample>;
  readonly logs: readonly LogRecord[];
  readonly targets: readonly TargetReport[];
}
