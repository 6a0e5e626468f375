/**
 * Stage 2, validate: quarantine the rows that cannot be right, and refuse a batch that is broken as a whole.
 *
 * in:  RawFlights, Airports → out: FlightColumns (clean, in order of departure in UTC) and a report; or a failed batch
 *
 * Rule: every row is held against ROW_EXPECTATIONS (validate/row-expectations.ts) and quarantined for the first that it breaks; then the
 * batch against validate/batch-expectations.ts. One that fails is refused as a whole, with a guess at what happened to it.
 *
 * When it misleads: shares are limits on the whole batch; one airport with broken rows may hide among 229.
 *
 * Source: E. Breck, N. Polyzotis, S. Roy, S. E. Whang, M. Zinkevich, "Data Validation for Machine Learning" (2019).
 *
 * Example: January 2001 → 505,213 clean flights of 508,239.
 */
import { utcMinutesOf } from './airport-time.js';
import type { Airports } from './airports.js';
import { countOf } from './data/columns.js';
import type { FlightColumns, RawFlights } from './data/columns.js';
import { inOrderOfDeparture } from './data/order.js';
import type { Check } from './validate/check.js';
import { diagnose } from './validate/diagnose.js';
import { judge } from './validate/judge.js';
import type { Expectations } from './validate/judge.js';
import type { QuarantineReason } from './validate/row-expectations.js';

export type { Check } from './validate/check.js';
export type { Expectations } from './validate/judge.js';

/** What validation found. */
export interface ValidationReport {
  rows: number;
  clean: number;
  quarantined: Record<QuarantineReason, number>;
  checks: Check[];
  /** What may have happened to a refused batch. */
  diagnosis: string[];
}

/** The clean flights, or why the batch is refused. */
export type Validated =
  | { state: 'passed'; because: string; flights: FlightColumns; report: ValidationReport }
  | { state: 'failed'; because: string; report: ValidationReport };

/** Judges the batch; brings a good one into order of departure. */
export function validate(raw: RawFlights, airports: Airports, expectations: Expectations): Validated {
  const { clean, quarantined, checks, zones } = judge(raw, airports, expectations);
  const failed = checks.filter(({ state }) => state === 'failed');
  const diagnosis = failed.length === 0 ? [] : diagnose(raw, airports, expectations);
  const report = { rows: countOf(raw), clean: clean.length, quarantined, checks, diagnosis };
  if (failed.length > 0) {
    const likely = diagnosis.map((because) => `likely ${because}`);
    return {
      state: 'failed',
      because: [...failed.map(({ because }) => because), ...likely].join('; '),
      report,
    };
  }
  const utcMinutes = Int32Array.from(clean, (row) =>
    utcMinutesOf(zones[raw.origins[row]!]!, raw.localMinutes[row]!),
  );
  return {
    state: 'passed',
    because: summaryOf(report),
    flights: inOrderOfDeparture(raw, clean, utcMinutes),
    report,
  };
}

function summaryOf({ rows, clean, quarantined }: ValidationReport): string {
  const reasons = Object.entries(quarantined).filter(([, count]) => count > 0);
  const listed = reasons.map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `${clean} of ${rows} rows are clean; quarantined: ${listed === '' ? 'none' : listed}`;
}
