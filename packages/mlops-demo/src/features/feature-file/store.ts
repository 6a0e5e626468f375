/**
 * Feature tables on disk, for more rows than one wants to hold in memory.
 *
 *   FOLDER/rows.f32     27 numbers a row, as the network reads them, not normalised
 *   FOLDER/labels.u8    one byte a row
 *   FOLDER/days.u16     the local day of each, counted from 1970
 *   FOLDER/count        how many rows; written last, so that a folder without it is half a table
 *
 * Rule: rows are appended in order of departure and read in stretches from anywhere. Labels and days, three bytes a row, are kept in memory;
 * rows, 108 bytes each, stay on disk until a batch needs them.
 *
 * Why not Parquet: training reads blocks of 1,024 rows in a random order. Here that is one read at a computed place; a Parquet row group has to be
 * found and decoded first.
 *
 * When it misleads: in the byte order of the machine, and with the features of this version. It is scratch, not an artifact.
 */
import { closeSync, mkdirSync, openSync, readFileSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { LabelledStretch, Stretch, TrainingRows } from '../../train/training-rows.js';
import { FEATURE_COUNT } from '../names.js';

const BYTES_PER_ROW = FEATURE_COUNT * Float32Array.BYTES_PER_ELEMENT;

export interface FeatureFileWriter {
  append(stretch: LabelledStretch): void;
  /** How many rows there are. */
  close(): number;
}

export interface FeatureFile extends TrainingRows {
  labels: Uint8Array;
  read(from: number, to: number): Stretch;
  close(): void;
}

export function createFeatureFile(folder: string): FeatureFileWriter {
  mkdirSync(folder, { recursive: true });
  const [rows, labels, days] = ['rows.f32', 'labels.u8', 'days.u16'].map((name) =>
    openSync(join(folder, name), 'w'),
  ) as [number, number, number];
  let count = 0;
  return {
    append(stretch) {
      writeAll(rows, stretch.rows);
      writeAll(labels, stretch.labels);
      writeAll(days, stretch.days);
      count += stretch.labels.length;
    },
    close() {
      for (const file of [rows, labels, days]) closeSync(file);
      writeFileSync(join(folder, 'count'), `${count}\n`);
      return count;
    },
  };
}

export function openFeatureFile(folder: string): FeatureFile {
  const count = Number(readFileSync(join(folder, 'count'), 'utf8'));
  const labels = new Uint8Array(readFileSync(join(folder, 'labels.u8')));
  const days = new Uint16Array(new Uint8Array(readFileSync(join(folder, 'days.u16'))).buffer);
  if (labels.length !== count || days.length !== count) {
    throw new Error(
      `openFeatureFile: expected ${count} labels and days, got ${labels.length} and ${days.length}`,
    );
  }
  const file = openSync(join(folder, 'rows.f32'), 'r');
  return {
    count,
    labels,
    days,
    read(from, to) {
      const rows = new Float32Array((to - from) * FEATURE_COUNT);
      readAll(file, new Uint8Array(rows.buffer), from * BYTES_PER_ROW);
      return { rows, labels: labels.subarray(from, to) };
    },
    close: () => closeSync(file),
  };
}

function writeAll(file: number, array: Float32Array | Uint8Array | Uint16Array): void {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function readAll(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const read = readSync(file, bytes, at, bytes.length - at, position + at);
    if (read === 0)
      throw new Error(`openFeatureFile: expected ${bytes.length} bytes at ${position}, got ${at}`);
    at += read;
  }
}
