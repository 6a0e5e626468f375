/**
 * Judges every row, then the batch.
 *
 * in:  RawFlights, Airports, Expectations → out: which rows are clean, why each other one is not, and a Check for every expectation
 *
 * Rule: rows first. What the batch holds as a whole is measured on its clean rows.
 */
import type { Airports } from '../airports.js';
import { countOf } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import { batchChecks } from './batch-expectations.js';
import { mostRows } from './chance.js';
import { percent } from './check.js';
import type { Check } from './check.js';
import { profileOf } from './reference-profile.js';
import type { ReferenceProfile } from './reference-profile.js';
import { ROW_EXPECTATIONS, rowContext } from './row-expectations.js';
import type { QuarantineReason, RowContext, RowExpectation } from './row-expectations.js';
import { rowText } from './row-text.js';

/** The expectations that depend on what was asked for. */
export interface Expectations {
  /** Flights a day; without it, what was usual in the reference. */
  flightsPerDay?: readonly [least: number, most: number];
  /** The days that the batch is about. */
  days?: { from: string; through: string };
  /** The weeks before. */
  reference?: ReferenceProfile;
}

/** What was found about each row and about the batch. */
export interface Judgement {
  /** Positions of the clean rows. */
  clean: Uint32Array;
  /** For each row 0 when it is clean, else the number of the expectation that it breaks, counted from 1. */
  reasons: Uint8Array;
  quarantined: Record<QuarantineReason, number>;
  checks: Check[];
  /** The zone of each airport. */
  zones: RowContext['zones'];
}

const EXAMPLES = 3;

/** Judges the batch. */
export function judge(raw: RawFlights, airports: Airports, expectations: Expectations): Judgement {
  const { flightsPerDay, days, reference } = expectations;
  const context = rowContext(raw, airports, days);
  const reasons = reasonsOf(context);
  const clean = positionsOf(reasons, 0);
  const checks = batchChecks({
    raw,
    clean,
    profile: once(() => profileOf(raw, clean)),
    days,
    flightsPerDay,
    reference,
  });
  const rowChecks = ROW_EXPECTATIONS.map((expectation, i) => rowCheck(raw, reasons, expectation, i + 1));
  return {
    clean,
    reasons,
    quarantined: Object.fromEntries(
      ROW_EXPECTATIONS.map(({ reason }, i) => [reason, rowChecks[i]!.rows ?? 0]),
    ) as Judgement['quarantined'],
    checks: [checks[0]!, ...rowChecks, ...checks.slice(1)],
    zones: context.zones,
  };
}

function reasonsOf(context: RowContext): Uint8Array {
  const reasons = new Uint8Array(countOf(context.raw));
  for (let row = 0; row < reasons.length; row++) {
    for (let i = 0; i < ROW_EXPECTATIONS.length; i++) {
      if (!ROW_EXPECTATIONS[i]!.broken(row, context)) continue;
      reasons[row] = i + 1;
      break;
    }
  }
  return reasons;
}

function rowCheck(raw: RawFlights, reasons: Uint8Array, expectation: RowExpectation, number: number): Check {
  const { reason, expected, mostShare } = expectation;
  const broken = positionsOf(reasons, number);
  const all = reasons.length;
  const share = all === 0 ? 0 : broken.length / all;
  const seen = `${broken.length} of ${all} rows`;
  return {
    name: reason,
    state: broken.length <= mostRows(mostShare, all) ? 'passed' : 'failed',
    because: `${reason}: ${seen} (${percent(share)}, limit ${percent(mostShare)})`,
    expected,
    seen,
    rows: broken.length,
    examples: [...broken.subarray(0, EXAMPLES)].map((row) => rowText(raw, row)),
  };
}

function positionsOf(reasons: Uint8Array, reason: number): Uint32Array {
  const positions = new Uint32Array(reasons.length);
  let count = 0;
  for (let row = 0; row < reasons.length; row++) if (reasons[row] === reason) positions[count++] = row;
  return positions.slice(0, count);
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
