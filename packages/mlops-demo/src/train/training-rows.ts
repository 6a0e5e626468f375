/**
 * Training rows, wherever they lie: in memory for a quick run, on disk when there are millions.
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
  /** The local day of each, ascending but for a few flights around midnight. */
  days: Uint16Array;
  /** The rows from one position up to, not including, another. May be a view: do not write into it. */
  read(from: number, to: number): Stretch | Promise<Stretch>;
}

/** Rows that are in memory already. */
export function rowsInMemory({ rows, labels, days }: LabelledStretch): TrainingRows {
  return {
    count: labels.length,
    days,
    read: (from, to) => ({
      rows: rows.subarray(from * FEATURE_COUNT, to * FEATURE_COUNT),
      labels: labels.subarray(from, to),
    }),
  };
}

/** The rows one stretch after the other. */
export async function* stretchesOf(
  source: TrainingRows,
  from: number,
  to: number,
  length: number,
): AsyncGenerator<Stretch> {
  for (let at = from; at < to; at += length) yield await source.read(at, Math.min(at + length, to));
}
