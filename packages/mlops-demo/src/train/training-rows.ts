/**
 * Training rows, wherever they lie: in memory for a quick search, on disk in a run.
 *
 * in:  a FeatureTable, or a feature file (features/feature-file/store.ts)
 * out: TrainingRows: how many, and any stretch of them
 *
 * Rule: rows are in order of departure, so "the newest tenth" is a stretch at the end.
 */
import { FEATURE_COUNT } from '../features/names.js';

/** A stretch of rows. */
export interface Stretch {
  rows: Float32Array;
  labels: Uint8Array;
}

/** With the local day of each row. */
export interface LabelledStretch extends Stretch {
  days: Uint16Array;
}

/** Rows that can be read in stretches. */
export interface TrainingRows {
  count: number;
  /** Numbers in a row. */
  inputs: number;
  labels: Uint8Array;
  /** The local day of each, ascending but for a few flights around midnight. */
  days: Uint16Array;
  /** The rows from one position up to, not including, another. May be a view: do not write into it. */
  read(from: number, to: number): Stretch;
}

/** Under a megabyte of flights' rows, and what the network scores in one go. */
export const ROWS_PER_STRETCH = 8192;

/** A table as rows that can be read, whether it is in memory or not. */
export function readable(table: LabelledStretch | TrainingRows): TrainingRows {
  return 'read' in table ? table : rowsInMemory(table);
}

/** Rows that are in memory already. */
export function rowsInMemory(
  { rows, labels, days }: LabelledStretch,
  inputs: number = FEATURE_COUNT,
): TrainingRows {
  return {
    count: labels.length,
    inputs,
    labels,
    days,
    read: (from, to) => ({
      rows: rows.subarray(from * inputs, to * inputs),
      labels: labels.subarray(from, to),
    }),
  };
}

/** The rows one stretch after the other. */
export function* stretchesOf(
  source: TrainingRows,
  from: number = 0,
  to: number = source.count,
): Generator<Stretch> {
  for (let at = from; at < to; at += ROWS_PER_STRETCH)
    yield source.read(at, Math.min(at + ROWS_PER_STRETCH, to));
}

/** One number for each row, computed a stretch at a time. */
export function scoreRows(
  source: TrainingRows,
  score: (rows: Float32Array) => Float32Array,
  from: number = 0,
): Float32Array {
  const scores = new Float32Array(source.count - from);
  let at = 0;
  for (const { rows } of stretchesOf(source, from)) {
    const some = score(rows);
    scores.set(some, at);
    at += some.length;
  }
  return scores;
}

/** Every so many rows, evenly over the whole: all when there are fewer than `about`, else that many and less than twice. */
export function thinnedRows(source: TrainingRows, about: number): Stretch {
  const { inputs } = source;
  const every = Math.max(Math.floor(source.count / about), 1);
  const count = Math.floor(source.count / every);
  const some = { rows: new Float32Array(count * inputs), labels: new Uint8Array(count) };
  let next = 0;
  let passed = 0;
  for (const { rows, labels } of stretchesOf(source)) {
    for (let row = 0; row < labels.length && next < count; row++) {
      if ((passed + row) % every !== 0) continue;
      some.rows.set(rows.subarray(row * inputs, (row + 1) * inputs), next * inputs);
      some.labels[next++] = labels[row]!;
    }
    passed += labels.length;
  }
  return some;
}
