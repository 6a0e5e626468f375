/**
 * The rows of a feature table on disk, for more of them than one wants to hold in memory.
 *
 *   FOLDER/train.f32     27 numbers a row, as the network reads them, not normalised
 *
 * Rule: rows are appended in order of departure and read in stretches from anywhere. Positions, labels and days, seven bytes a row, are kept in
 * memory; rows, 108 bytes each, stay on disk until a batch needs them. The file is opened for each stretch: its folder may be
 * renamed into its place in between, and there is nothing to close.
 *
 * Why not Parquet read by DuckDB: training reads blocks of 1,024 rows in a random order. Here that is one read at a computed place
 * (docs/decisions/0009-feature-rows.md).
 *
 * When it misleads: in the byte order of the machine, and with the features of this version. It is scratch, not an artifact. Whether the
 * bytes are those that were written, is for the stage cache to say, by their digest.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenTable, TableFlights } from '../../features.js';
import type { Stretch, TrainingRows } from '../../train/training-rows.js';
import { FEATURE_COUNT } from '../names.js';

const BYTES_PER_ROW = FEATURE_COUNT * Float32Array.BYTES_PER_ELEMENT;

/** A feature table whose rows are on disk. */
export interface FeatureFile extends TableFlights, TrainingRows {
  /** Without folder. */
  file: string;
}

/** Puts the rows of every table into a file of this folder. */
export function featureFilesIn(folder: string): OpenTable<FeatureFile> {
  return (name, flights) => {
    const file = `${name}.f32`;
    const open = openSync(join(folder, file), 'wx');
    return {
      append: (rows) => writeAll(open, rows),
      close() {
        closeSync(open);
        return openFeatureFile(folder, file, flights);
      },
    };
  };
}

export function openFeatureFile(folder: string, file: string, flights: TableFlights): FeatureFile {
  const { positions, labels, days } = flights;
  return {
    file,
    positions,
    labels,
    days,
    count: labels.length,
    inputs: FEATURE_COUNT,
    read(from, to): Stretch {
      const rows = new Float32Array((to - from) * FEATURE_COUNT);
      readAll(join(folder, file), new Uint8Array(rows.buffer), from * BYTES_PER_ROW);
      return { rows, labels: labels.subarray(from, to) };
    },
  };
}

function writeAll(file: number, rows: Float32Array): void {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function readAll(path: string, bytes: Uint8Array, position: number): void {
  const file = openSync(path, 'r');
  try {
    for (let at = 0; at < bytes.length;) {
      const read = readSync(file, bytes, at, bytes.length - at, position + at);
      if (read === 0)
        throw new Error(`openFeatureFile: expected ${bytes.length} bytes at ${position}, got ${at}`);
      at += read;
    }
  } finally {
    closeSync(file);
  }
}
