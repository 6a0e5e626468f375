/** What the server reads of the registry's folder besides `loadModel`: the packed history, and the report of a run. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PipelineReport } from 'service-chassis';
import { z } from 'zod';
import type { ModelManifest } from '../registry/manifest.js';
import { digestOf } from '../registry/store.js';

export const pipelineSchema = z.object({
  pipeline: z.literal('mlops'),
  updatedAt: z.string(),
  stages: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
      because: z.string(),
      file: z.string(),
      seconds: z.number().exactOptional(),
    }),
  ),
});

/** The history of a model, packed. Throws when it is not what the manifest says. */
export async function readHistory(modelsDir: string, { version, files }: ModelManifest): Promise<Uint8Array> {
  const name = 'history.csv.gz';
  const bytes = await readFile(join(modelsDir, 'versions', version, name));
  if (digestOf(bytes).sha256 === files[name].sha256) return bytes;
  throw new Error(`readHistory: expected ${name} of ${version} as its manifest says, got other bytes`);
}

/** What the last run said, or undefined where none left a report that can be read. */
export async function readRunReport(modelsDir: string): Promise<PipelineReport | undefined> {
  try {
    const text = await readFile(join(modelsDir, 'run.json'), 'utf8');
    return pipelineSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
