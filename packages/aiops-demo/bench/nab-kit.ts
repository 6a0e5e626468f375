/** Reads a kit: `data/<category>/<file>.csv` (timestamp,value) and `labels/combined_windows.json`; writes scores beside. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabelledFile } from './nab-score.js';

export function readKit(kit: string): LabelledFile[] {
  const labels = JSON.parse(readFileSync(join(kit, 'labels', 'combined_windows.json'), 'utf8')) as Record<
    string,
    [string, string][]
  >;
  return Object.entries(labels).map(([name, bounds]) => {
    const rows = readFileSync(join(kit, 'data', name), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1);
    const cells = rows.map((row) => row.split(','));
    const times = cells.map(([time]) => time ?? '');
    const rowOf = (time: string) =>
      times.findIndex((candidate) => millisecondsOf(candidate) === millisecondsOf(time));
    const windows = bounds.map(([first, last]) => [rowOf(first), rowOf(last)] as const);
    return { name, times, values: cells.map(([, value]) => Number(value)), windows };
  });
}

/** The kit's times carry no zone; as UTC no hour comes twice. */
export function millisecondsOf(time: string): number {
  return Date.parse(`${time.trim().replace(' ', 'T')}Z`);
}

export function writeScores(out: string, file: LabelledFile, scores: readonly number[]): void {
  const path = join(out, file.name);
  mkdirSync(dirname(path), { recursive: true });
  const rows = scores.map((score, row) => `${file.times[row] ?? ''},${score.toFixed(6)}`);
  writeFileSync(path, `timestamp,anomaly_score\n${rows.join('\n')}\n`);
}
