/**
 * Monitor, of a table: does the model still see the rows that it was examined with, and is it still right?
 *
 * in:  TableTask, a loaded model, all rows so far, the days of the window → out: TableWindowReport: quality, drift, performance, one diagnosis
 *
 * Rule: drift and diagnosis are the flights' own (monitor/risk-drift.ts, monitor/diagnose.ts). Decay: both skill and AUC are below what 95 % of 500
 * windows of the same size, drawn from the examined rows, have: a month of 30 rows is judged as one.
 *
 * When it misleads: rows are drawn one by one, but neighbouring days are alike: real windows differ more. A month is not a year: inputs
 * that follow the season drift in every month, which is why drift alone is no decay.
 *
 * Source: B. Efron, "Bootstrap methods" (1979).
 */
import { auc } from '../evaluation/auc.js';
import { skill } from '../evaluation/log-loss.js';
import { dayNumber } from '../flights.js';
import { scoreBatch } from '../model.js';
import type { DelayModel } from '../model.js';
import type { Diagnosis } from '../monitor.js';
import type { ColumnValues } from '../monitor/column-drift.js';
import { diagnose } from '../monitor/diagnose.js';
import { driftSentences, riskDrift } from '../monitor/risk-drift.js';
import type { RiskDrift, WithRisks } from '../monitor/risk-drift.js';
import type { Days } from '../plan.js';
import { seedRandom } from '../seeded-random.js';
import type { Random } from '../seeded-random.js';
import { tableOf, validateRows } from '../table-pipeline.js';
import type { TableTask } from '../table-pipeline.js';
import type { Stretch } from '../train/training-rows.js';

export interface TablePerformance {
  state: 'good' | 'decayed' | 'labels not in yet';
  auc: number;
  skill: number;
  because: string;
}

export interface TableWindowReport extends Days, RiskDrift {
  rows: number;
  performance: TablePerformance;
  diagnosis: Diagnosis;
}

/** What a window is compared with: the model and the rows it was examined with. */
export interface TableReference {
  model: DelayModel;
  reference: Stretch;
}

const DRAWN_WINDOWS = 500;
const CHANCE = 0.05;
const LEAST_ROWS = 20;

export function monitorTable<Row>(
  task: TableTask<Row>,
  { model, reference }: TableReference,
  raw: readonly unknown[],
  { from, through }: Days,
): TableWindowReport {
  const validated = validateRows(task, raw);
  const broken = validated.state === 'failed' ? validated.because : undefined;
  const window = windowOf(task, validated.rows, { from, through });
  const [before, now] = [reference, window].map(({ rows }) => scoreBatch(model, rows));
  const drift = riskDrift(withRisks(task, reference.rows, before!), withRisks(task, window.rows, now!));
  const performance = performanceOf(
    { risks: now!, labels: window.labels },
    { risks: before!, labels: reference.labels },
    seedRandom(task.seed),
  );
  const diagnosis = diagnose({ broken, moved: driftSentences(drift), performance });
  return { from, through, rows: window.labels.length, ...drift, performance, diagnosis };
}

/** The rows of these days that have a next one. */
function windowOf<Row>(task: TableTask<Row>, rows: readonly Row[], { from, through }: Days): Stretch {
  const table = tableOf(task, rows);
  const inputs = Object.keys(task.features).length;
  const [first, last] = [dayNumber(from), dayNumber(through)];
  const start = table.days.findIndex((day) => day >= first);
  const after = table.days.findIndex((day) => day > last);
  const [begin, end] = [start < 0 ? table.days.length : start, after < 0 ? table.days.length : after];
  return {
    rows: table.rows.subarray(begin * inputs, end * inputs),
    labels: table.labels.subarray(begin, end),
  };
}

function withRisks<Row>({ features }: TableTask<Row>, rows: Float32Array, risks: Float32Array): WithRisks {
  const names = Object.keys(features);
  const columns = names.map((name, column): [string, ColumnValues] => [
    name,
    {
      kind: 'numeric',
      values: Float64Array.from(risks, (_, row) => rows[row * names.length + column]!),
    },
  ]);
  return { columns: { rows: risks.length, columns: new Map(columns) }, risks: Float64Array.from(risks) };
}

interface Judged {
  risks: Float32Array;
  labels: Uint8Array;
}

function performanceOf(now: Judged, reference: Judged, random: Random): TablePerformance {
  const scores = scoresOf(now);
  const count = now.labels.length;
  if (count < LEAST_ROWS || Number.isNaN(scores.auc) || Number.isNaN(scores.skill)) {
    const because = `${count} labelled rows; a verdict needs ${LEAST_ROWS}, and both outcomes among them`;
    return { state: 'labels not in yet', ...scores, because };
  }
  const drawn = Array.from({ length: DRAWN_WINDOWS }, () => scoresOf(drawnFrom(reference, count, random)));
  const limits = {
    auc: lowest(drawn.map((each) => each.auc)),
    skill: lowest(drawn.map((each) => each.skill)),
  };
  const decayed = scores.auc < limits.auc && scores.skill < limits.skill;
  const measured = `AUC ${scores.auc.toFixed(3)}, skill ${scores.skill.toFixed(3)} over ${count} rows`;
  const because = `${measured}; by chance as low as AUC ${limits.auc.toFixed(3)}, skill ${limits.skill.toFixed(3)}`;
  return { state: decayed ? 'decayed' : 'good', ...scores, because };
}

function scoresOf({ risks, labels }: Judged): { auc: number; skill: number } {
  return { auc: auc(risks, labels), skill: skill(risks, labels) };
}

function drawnFrom({ risks, labels }: Judged, count: number, random: Random): Judged {
  const rows = Uint32Array.from({ length: count }, () => Math.floor(random() * labels.length));
  return {
    risks: Float32Array.from(rows, (row) => risks[row]!),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
  };
}

/** What 95 % are above. */
function lowest(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * CHANCE)] ?? -Infinity;
}
