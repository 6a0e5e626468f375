/**
 * Lineage: what determined a model, from the files it was read from to its name.
 *
 * in:  the outputs of a run's stages → out: Lineage, a part of the manifest
 *
 * Rule: each stage with the digests of its code, of what it was given (its key) and of what it made; the plan; the digests of the files; the
 * versions of Node and the libraries. With the same of all that the weights are the same, bit for bit (reproduce.ts).
 *
 * When it misleads: a stage that was known from a run before is recorded with the code that would compute it today.
 */
import { z } from 'zod';
import type { StageName, StageOutput, StageResult } from '../stage-runner/stage.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const stageSchema = z.object({ code: sha256, key: sha256, digest: sha256 });

export const lineageSchema = z.object({
  /** The Plan, as JSON. */
  plan: z.record(z.string(), z.unknown()),
  flights: sha256,
  /** The data versions the flights come from, if they do. */
  dataVersions: z.array(z.string()).optional(),
  airports: sha256,
  stages: z.partialRecord(z.string(), stageSchema),
  /** Of Node, the platform and the libraries. */
  versions: z.record(z.string(), z.string()),
});
export type Lineage = z.infer<typeof lineageSchema>;

/** The stages of a run, as far as they determine the model. */
export function stagesOf(outputs: readonly StageOutput<StageResult>[]): Lineage['stages'] {
  const entries = outputs.map(({ stage, code, key, digest }) => [stage, { code, key, digest }] as const);
  return Object.fromEntries<z.infer<typeof stageSchema>>(entries);
}

/** Lines that lead from the model back to the files. */
export function lineageLines(
  version: string,
  data: { version: string; rows: number; source: string },
  lineage: Lineage,
): string[] {
  const short = (digest: string): string => digest.slice(0, SHOWN);
  const stages = Object.entries(lineage.stages) as [StageName, z.infer<typeof stageSchema>][];
  const width = Math.max(...stages.map(([name]) => name.length));
  return [
    `model     ${version}`,
    `data      ${data.version}: ${data.rows.toLocaleString('en-US')} flights`,
    `source    ${data.source}, sha256 ${short(lineage.flights)}; airports ${short(lineage.airports)}`,
    ...stages
      .toReversed()
      .map(
        ([name, { code, key, digest }]) =>
          `${name.padEnd(width)}  made ${short(digest)} from key ${short(key)} with code ${short(code)}`,
      ),
    `versions  ${Object.entries(lineage.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ];
}

const SHOWN = 12;
