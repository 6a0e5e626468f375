/** Models of the first month, as `mlops run` makes them: real weights, and 15 real days to warm the features. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TrainedModel {
  modelsDir: string;
  /** In production, until another one is trained. */
  version: string;
  trainAgain: (seed: number) => string;
  remove: () => void;
}

export function trainModel(seed = 1): TrainedModel {
  const modelsDir = mkdtempSync(join(tmpdir(), 'triops-bench-'));
  const remove = () => rmSync(modelsDir, { recursive: true, force: true });
  const program = join(import.meta.dirname, '..', '..', 'cli.js');
  const trainAgain = (other: number): string => {
    // Another seed is as good, and no reason to change: what is measured needs it all the same.
    const force = ['--force', '--because', 'to be measured'];
    const args = [program, 'run', '--out', modelsDir, '--seed', String(other), ...force];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    if (status === 0) return readFileSync(join(modelsDir, 'production'), 'utf8').trim();
    remove();
    throw new Error(`bench: expected \`mlops run\` to end with 0, it ended with ${status}: ${stderr}`);
  };
  return { modelsDir, version: trainAgain(seed), trainAgain, remove };
}
