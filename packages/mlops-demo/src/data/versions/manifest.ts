/**
 * What is known about a data version without opening it.
 *
 * in:  the JSON beside the Parquet file → out: DataManifest, or a reason why it is none
 *
 * Rule: everything follows from the batch, its source and its parent: no clock, no machine. The same batch gives the same bytes, and
 * the version's name ends with their digest (name.ts), so a changed manifest is found as surely as changed data.
 */
import { z } from 'zod';

const nulls = z.number().int().nonnegative();

/** Statistics of a column. Quantiles are at QUANTILES. */
const columnSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('number'),
    nulls,
    min: z.number().nullable(),
    max: z.number().nullable(),
    mean: z.number().nullable(),
    deviation: z.number().nullable(),
    quantiles: z.array(z.number()),
  }),
  z.object({
    kind: z.literal('time'),
    nulls,
    min: z.string().nullable(),
    max: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('text'),
    nulls,
    distinct: z.number().int().nonnegative(),
    top: z.array(z.object({ value: z.string(), rows: z.number().int() })),
  }),
]);

/** The ranks at which numbers are described. */
export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] as const;

export const dataManifestSchema = z.object({
  format: z.literal(1),
  dataset: z.string(),
  by: z.enum(['month', 'day']),
  from: z.iso.date(),
  through: z.iso.date(),
  rows: z.number().int().positive(),
  object: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().positive() }),
  schema: z.array(z.object({ name: z.string(), type: z.string() })),
  columns: z.record(z.string(), columnSchema),
  source: z.object({ file: z.string(), sha256: z.string(), airports: z.array(z.string()).optional() }),
  /** The version this one follows: the same days before a correction, else the days before. */
  parent: z.string().nullable(),
});

export type ColumnStatistics = z.infer<typeof columnSchema>;
export type DataManifest = z.infer<typeof dataManifestSchema>;
export type BatchLength = DataManifest['by'];

/** A version: its name and what is known about it. */
export interface NamedManifest {
  version: string;
  manifest: DataManifest;
}

/** A version whose manifest cannot be trusted: nothing is known of it but its name. */
export interface DamagedManifest {
  version: string;
  because: string;
}

/** All versions of a store. */
export interface VersionList {
  sound: NamedManifest[];
  damaged: DamagedManifest[];
}

/** Where the bytes of a version lie in the store. */
export function objectKey(sha256: string): string {
  return `objects/${sha256}.parquet`;
}

/** Where the manifest of a version lies in the store. */
export function manifestKey(version: string): string {
  return `versions/${version}.json`;
}
