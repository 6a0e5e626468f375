/** A model of the first month, as `mlops run` makes it: real weights, and 15 real days to warm the features. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TrainedModel {
  modelsDir: string;
  remove: () => void;
}

export function trainModel(): TrainedModel {
  const modelsDir = mkdtempSync(join(tmpdir(), 'triops-bench-'));
  const remove = () => rmSync(modelsDir, { recursive: true, force: true });
  const program = join(import.meta.dirname, '..', '..', 'cli.js');
  const { status, stderr } = spawnSync(process.execPath, [program, 'run', '--out', modelsDir], {
    encoding: 'utf8',
  });
  if (status === 0) return { modelsDir, remove };
  remove();
  throw new Error(`bench: expected \`mlops run\` to end with 0, it ended with ${status}: ${stderr}`);
}
