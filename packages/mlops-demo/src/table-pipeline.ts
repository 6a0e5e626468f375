/**
 * The same pipeline for any table in order of time: give it a schema, inputs and a target.
 *
 *   validate → version → split → features → train → evaluate → gate → register
 *
 * in:  TableTask, rows that nobody has checked → out: TableRun: every stage's result with its reason
 *
 * Rule: training, calibration, metrics and gate checks are the flights' own (train.ts, evaluation/, gate.ts). An input sees its row and the rows before
 * it, never a later one: they are not there yet when it is computed. Rows up to a day teach, the rest examines.
 *
 * What passed becomes an artifact (table-pipeline/register.ts) of the flights' registry, with its stages, digests and signatures; later rows are
 * judged by table-pipeline/monitor.ts.
 *
 * When it misleads: the server knows flights only, and says so. The label of a row before a quarantined one comes from the sound row after that,
 * one step too late; `mostQuarantined` bounds how many those are. All rows are held in memory, and no stage is cached: what a task's functions
 * compute cannot be known without running them.
 *
 * Example: examples/lessons/src/11-the-pipeline-on-the-weather.mjs, rain in Seattle.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { scoresOf } from './evaluate.js';
import { dateOf, dayNumber } from './flights.js';
import { check } from './gate.js';
import { normalise, scoreBatch } from './model.js';
import type { DelayModel } from './model.js';
import type { GateCheck, Scores } from './registry/manifest.js';
import { train } from './train.js';
import type { Hyperparameters } from './train.js';
import { fitLogisticRegression, scoreLogistic } from './train/logistic-regression.js';
import { rowsInMemory } from './train/training-rows.js';
import type { LabelledStretch } from './train/training-rows.js';

/** What a table is, and what is to be learned from it. */
export interface TableTask<Row> {
  name: string;
  /** What a sound row looks like; others are quarantined. */
  schema: z.ZodType<Row>;
  /** YYYY-MM-DD. Rows come in this order. */
  day: (row: Row) => string;
  /** One number each, from the rows so far; the last of them is the row in question. */
  features: Readonly<Record<string, (rows: readonly Row[]) => number>>;
  /** Whether it came true, from the row and the one after it. */
  target: (row: Row, next: Row) => boolean;
  /** The last day that teaches. */
  trainThrough: string;
  seed: number;
  epochs: number;
  hyperparameters: Hyperparameters;
  limits: { mostQuarantined: number; leastAuc: number; leastSkill: number; mostEce: number };
}

/** What a run has found, stage by stage. */
export type TableRun = Awaited<ReturnType<typeof runTable>>;

/** Rows as numbers. */
type Table = LabelledStretch;

const RIDGE = 1;

/** Runs the task. A table or a model that is not good enough stops the run: that is a result, not an error. */
export async function runTable<Row>(task: TableTask<Row>, raw: readonly unknown[]) {
  const validated = validateRows(task, raw);
  if (validated.state === 'failed') return { state: 'table refused', validated } as const;
  const data = versionOfRows(task.name, validated.rows);
  const table = tableOf(task, validated.rows);
  const parts = splitTable(table, task);
  const inputs = Object.keys(task.features).length;
  const trained = await train(rowsInMemory(parts.train, inputs), task);

  const normal = (part: Table): Float32Array => normalise(part.rows, trained.model.normaliser);
  const lines = fitLogisticRegression(normal(parts.train), inputs, parts.train.labels, RIDGE);
  const { labels } = parts.test;
  const model = scoresOf(scoreBatch(trained.model, parts.test.rows), labels);
  const logisticRegression = scoresOf(scoreLogistic(normal(parts.test), lines), labels);
  const gated = gateTable(model, task);
  const trace = { validated, data, parts, trained, evaluated: { model, logisticRegression }, gated };
  return gated.state === 'passed'
    ? ({ state: 'passed', ...trace } as const)
    : ({ state: 'model refused', ...trace } as const);
}

/** Sound rows, and why the others are none. */
export function validateRows<Row>({ schema, day, limits }: TableTask<Row>, raw: readonly unknown[]) {
  const rows: Row[] = [];
  const reasons = new Map<string, number>();
  let newest = '';
  let isNewestSound = false;
  for (const candidate of raw) {
    const parsed = schema.safeParse(candidate);
    const reason = parsed.success
      ? day(parsed.data) < newest
        ? 'out of order'
        : undefined
      : `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`;
    isNewestSound = reason === undefined;
    if (reason !== undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    else if (parsed.success) {
      rows.push(parsed.data);
      newest = day(parsed.data);
    }
  }
  const quarantined = raw.length - rows.length;
  const why = [...reasons].map(([reason, count]) => `${count} × ${reason}`).join('; ');
  const because = `${rows.length} of ${raw.length} rows are sound${why === '' ? '' : `: ${why}`}`;
  const isBroken = rows.length === 0 || quarantined / raw.length > limits.mostQuarantined;
  return { state: isBroken ? 'failed' : 'passed', because, rows, quarantined, isNewestSound } as const;
}

function versionOfRows(
  name: string,
  rows: readonly unknown[],
): { version: string; sha256: string; because: string } {
  const sha256 = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  const version = `${name}-${sha256.slice(0, 12)}`;
  return { version, sha256, because: `${rows.length} rows are ${version}` };
}

/** The last row has no next one, hence no label. */
export function tableOf<Row>(task: TableTask<Row>, rows: readonly Row[]): Table {
  const { target, day } = task;
  const seen = rows.slice(0, -1);
  return {
    rows: inputsOf(task, seen),
    labels: Uint8Array.from(seen, (row, at) => (target(row, rows[at + 1]!) ? 1 : 0)),
    days: Uint16Array.from(seen, (row) => dayNumber(day(row))),
  };
}

/** The inputs of each row, one row after the other. */
function inputsOf<Row>({ features }: TableTask<Row>, rows: readonly Row[]): Float32Array {
  const inputs = Object.values(features);
  const seen: Row[] = [];
  const numbers: number[] = [];
  for (const row of rows) {
    seen.push(row);
    for (const input of inputs) numbers.push(input(seen));
  }
  return Float32Array.from(numbers);
}

/**
 * What the model says of the newest row, whose outcome nobody knows yet.
 *
 * @throws RangeError when that row is not sound: an answer from the row before would be one for another day
 */
export function predictNext<Row>(task: TableTask<Row>, model: DelayModel, raw: readonly unknown[]): number {
  const { rows, because, isNewestSound } = validateRows(task, raw);
  if (!isNewestSound) throw new RangeError(`predictNext: expected the newest row to be sound: ${because}`);
  const inputs = Object.keys(task.features).length;
  return scoreBatch(model, inputsOf(task, rows).slice(-inputs))[0]!;
}

function splitTable<Row>({ rows, labels, days }: Table, { trainThrough, features }: TableTask<Row>) {
  const after = days.findIndex((day) => day > dayNumber(trainThrough));
  const cut = after < 0 ? days.length : after;
  const part = (from: number, to: number): Table => {
    const inputs = Object.keys(features).length;
    const of = rows.subarray(from * inputs, to * inputs);
    return { rows: of, labels: labels.subarray(from, to), days: days.subarray(from, to) };
  };
  const last = dateOf(days.at(-1) ?? dayNumber(trainThrough));
  const because = `${cut} rows to ${trainThrough} teach, ${days.length - cut} to ${last} examine`;
  return { train: part(0, cut), test: part(cut, days.length), because };
}

function gateTable<Row>(model: Scores, { limits }: TableTask<Row>) {
  const checks: GateCheck[] = [
    check('AUC', model.auc, 'at least', limits.leastAuc),
    check('skill', model.skill, 'at least', limits.leastSkill),
    check('calibration error', model.ece, 'at most', limits.mostEce),
  ];
  const failed = checks.filter(({ state }) => state === 'failed');
  const because = (failed.length > 0 ? failed : checks).map((each) => each.because).join('; ');
  return { state: failed.length > 0 ? 'failed' : 'passed', because, checks } as const;
}
