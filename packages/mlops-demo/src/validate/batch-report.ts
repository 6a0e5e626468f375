/**
 * What validation says about one batch, for machines (JSON) and for people (lines).
 *
 * in:  a batch as read, Airports, Expectations → out: BatchReport, and the rows that are quarantined
 */
import type { Airports } from '../airports.js';
import { countOf } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import type { Check } from './check.js';
import { diagnose } from './diagnose.js';
import { judge } from './judge.js';
import type { Expectations, Judgement } from './judge.js';
import { ROW_EXPECTATIONS } from './row-expectations.js';
import { rowFields } from './row-text.js';

/** One batch, every expectation. */
export interface BatchReport {
  batch: string;
  state: 'passed' | 'failed';
  rows: number;
  clean: number;
  checks: Check[];
  /** What may have happened to a refused batch. */
  diagnosis: string[];
}

/** A file that could not be read as flights. */
export function unreadableReport(batch: string, checks: Check[]): BatchReport {
  return { batch, state: 'failed', rows: 0, clean: 0, checks, diagnosis: [] };
}

/** Judges a batch that could be read. `fileChecks` are what reading it has found. */
export function batchReport(
  raw: RawFlights,
  fileChecks: readonly Check[],
  airports: Airports,
  expectations: Expectations,
): { report: BatchReport; judgement: Judgement } {
  const judgement = judge(raw, airports, expectations);
  const checks = [...fileChecks, ...judgement.checks];
  const state = checks.some((each) => each.state === 'failed') ? 'failed' : 'passed';
  const diagnosis = state === 'failed' ? diagnose(raw, airports, expectations) : [];
  const rows = countOf(raw);
  return {
    report: { batch: raw.source, state, rows, clean: judgement.clean.length, checks, diagnosis },
    judgement,
  };
}

const MARKS = { passed: '✓', failed: '✗', skipped: '–' } as const;

/** The report for a terminal. */
export function reportLines({ batch, state, rows, clean, checks, diagnosis }: BatchReport): string[] {
  const lines = checks.flatMap((each) => [
    `${MARKS[each.state]} ${each.name.padEnd(20)} ${each.seen}${each.state === 'passed' ? '' : ` (expected ${each.expected})`}`,
    ...(each.state === 'passed' ? [] : (each.examples ?? []).map((example) => `    ${example}`)),
  ]);
  const verdict =
    state === 'passed'
      ? `passed: ${clean} of ${rows} rows are clean`
      : `refused: ${namesOf(checks).join(', ')}${diagnosis.map((because) => `; likely ${because}`).join('')}`;
  return [batch, ...lines, verdict];
}

/** The expectations that failed. */
export function namesOf(checks: readonly Check[]): string[] {
  return checks.filter(({ state }) => state === 'failed').map(({ name }) => name);
}

/** The quarantined rows as CSV: which row for which expectation. */
export function quarantinedCsv(raw: RawFlights, { reasons }: Judgement): string {
  const lines = ['reason,date,origin,destination,distance,delay'];
  for (let row = 0; row < reasons.length; row++) {
    if (reasons[row] === 0) continue;
    lines.push([ROW_EXPECTATIONS[reasons[row]! - 1]!.reason, ...rowFields(raw, row)].join(','));
  }
  return `${lines.join('\n')}\n`;
}
