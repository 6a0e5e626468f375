/** Drain3 in the same run, where Python has it: `pip install drain3`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The program stands beside the sources, not in `dist`. */
const PROGRAM = fileURLToPath(new URL('../../bench/drain3_run.py', import.meta.url));
const MOST_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface Drain3Run {
  /** The cluster of each line of each system. */
  readonly systems: Readonly<Record<string, readonly string[]>>;
  readonly linesPerSecond: number;
}

/** @returns null when Drain3 is not installed */
export function runDrain3(
  systems: Readonly<Record<string, readonly string[]>>,
  speed: readonly string[],
): Drain3Run | null {
  if (spawnSync('python3', ['-c', 'import drain3']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'drain3-'));
  try {
    const file = join(folder, 'lines.json');
    writeFileSync(file, JSON.stringify({ systems, speed }));
    const { status, stdout, stderr } = spawnSync('python3', [PROGRAM, file], {
      encoding: 'utf8',
      maxBuffer: MOST_OUTPUT_BYTES,
    });
    if (status !== 0) throw new Error(`drain3_run.py: ${stderr.trim().split('\n').at(-1)}`);
    return JSON.parse(stdout) as Drain3Run;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
