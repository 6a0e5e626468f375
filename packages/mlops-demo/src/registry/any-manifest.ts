/**
 * Manifests of all kinds: what every model has in common, and what a model of another table has instead of the flights' own part.
 *
 * in:  a manifest as it was read → out: the flights' ModelManifest, or a TableManifest
 *
 * Rule: a manifest without a kind is of flights: so were all of them, once. Digests, signature, stages and audit do not ask for the kind; who
 * needs flights (the server, the monitor, the model card) gets a refusal in words for anything else.
 */
import { z } from 'zod';
import { evaluationSchema, manifestSchema } from './manifest.js';
import type { Artifact, ModelManifest } from './manifest.js';

/** The common part. */
const commonSchema = manifestSchema.pick({
  version: true,
  createdAt: true,
  seed: true,
  backend: true,
  trainedFrom: true,
  trainedThrough: true,
  trainedRows: true,
  dataThrough: true,
  data: true,
  features: true,
  normaliser: true,
  calibration: true,
  gate: true,
});

export const TABLE_FILES = ['model.json', 'weights.bin', 'reference.json'] as const;
export type TableFile = (typeof TABLE_FILES)[number];

const tableManifestSchema = commonSchema.extend({
  kind: z.literal('table'),
  /** The table's name. */
  table: z.string(),
  evaluations: z.array(evaluationSchema.pick({ period: true, model: true, logisticRegression: true })),
  /** `reference.json` holds examined rows with their labels: what later windows are compared with. */
  files: z.record(z.enum(TABLE_FILES), manifestSchema.shape.files.valueType),
  lineage: z.object({
    /** Of the clean rows. */
    rows: z.string().regex(/^[0-9a-f]{64}$/),
    /** Everything of the task that can be written down; its functions are code. */
    task: z.record(z.string(), z.unknown()),
    versions: z.record(z.string(), z.string()),
  }),
});
export type TableManifest = z.infer<typeof tableManifestSchema>;

export interface TableArtifact {
  manifest: TableManifest;
  files: Record<TableFile, Uint8Array>;
}

export type AnyManifest = ModelManifest | TableManifest;
export type AnyArtifact = Artifact | TableArtifact;

/** @throws ZodError */
export function parseManifest(raw: unknown): AnyManifest {
  const isOfTable = typeof raw === 'object' && raw !== null && 'kind' in raw && raw.kind === 'table';
  return isOfTable ? tableManifestSchema.parse(raw) : manifestSchema.parse(raw);
}

export function isOfTable(artifact: AnyArtifact): artifact is TableArtifact {
  return isTableManifest(artifact.manifest);
}

/** What the model is of, as words say it. */
export function subjectOf(manifest: AnyManifest): string {
  return isTableManifest(manifest) ? `the table '${manifest.table}'` : 'flights';
}

export function isTableManifest(manifest: AnyManifest): manifest is TableManifest {
  return 'kind' in manifest;
}
