/**
 * What the registry knows about a model version: where it comes from, what it scored, and the digests of its files.
 *
 * The server shows this as it is (GET /v1/model), so that a prediction can be traced back to data, code and seed.
 */
import { z } from 'zod';
import { SLICED_BY } from '../evaluation/slices.js';
import { TIMETABLE_KINDS } from '../features/timetable-choice.js';
import { lineageSchema } from './lineage.js';

/**
 * The artifact's files. `history.csv.gz` holds the flights from which a server warms its features, `timetable.bin` the timetable as of the
 * day after training.
 */
export const ARTIFACT_FILES = ['model.json', 'weights.bin', 'timetable.bin', 'history.csv.gz'] as const;
export type ArtifactFile = (typeof ARTIFACT_FILES)[number];

const digest = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().positive() });
const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const scores = z.object({
  rows: z.number(),
  lateShare: z.number(),
  auc: z.number(),
  /** Average precision. */
  prAuc: z.number(),
  /** Of the riskiest tenth. */
  lift: z.number(),
  logLoss: z.number(),
  brier: z.number(),
  ece: z.number(),
  skill: z.number(),
});

const interval = z.tuple([z.number(), z.number()]).readonly();
const slice = z.object({
  by: z.enum(SLICED_BY),
  name: z.string(),
  rows: z.number().int(),
  lateShare: z.number(),
  auc: z.number(),
  logLoss: z.number(),
  skill: z.number(),
  ece: z.number(),
});

/** How one test period went, for the model and the baselines beside it. */
export const evaluationSchema = z.object({
  period: z.string(),
  model: scores,
  baseRate: scores,
  hourTable: scores,
  logisticRegression: scores,
  /** The middle 95 % over days. */
  intervals: z.object({ auc: interval, logLoss: interval, ece: interval }),
  /** The least skill first; of the airports the ten worst. */
  slices: z.array(slice),
});

/** One gate check. */
export const gateCheckSchema = z.object({
  name: z.string(),
  state: z.enum(['passed', 'failed']),
  because: z.string(),
});

const against = z.object({ digest: z.string(), version: z.string().exactOptional() });
const sliceComparison = z.object({
  by: z.enum(SLICED_BY),
  name: z.string(),
  rows: z.number().int(),
  /** Mean log losses. */
  champion: z.number(),
  challenger: z.number(),
  p: z.number(),
  unfair: z.boolean(),
});

/** The model beside the one that was in production when it was made (compare.ts). */
export const comparisonSchema = z.discriminatedUnion('state', [
  z.object({ state: z.enum(['no champion', 'not comparable']), because: z.string(), against }),
  z.object({
    state: z.enum(['better', 'equal', 'worse', 'unfair']),
    because: z.string(),
    against,
    rows: z.number().int(),
    days: z.number().int(),
    logLoss: z.object({ champion: z.number(), challenger: z.number() }),
    logLossGain: z.number(),
    interval,
    aucChange: z.number(),
    eceChange: z.number(),
    /** The ten that it loses most by, the worst first. */
    slices: z.array(sliceComparison),
  }),
]);

/** The manifest of one model version. */
export const manifestSchema = z.object({
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]*$/),
  createdAt: z.string(),
  seed: z.number().int(),
  backend: z.string(),
  /** Local days, both ends included. */
  trainedFrom: date,
  trainedThrough: date,
  trainedRows: z.number().int(),
  /** The last day of data the model was tested on; the history ends here, and serving starts on the next. */
  dataThrough: date,
  data: z.object({ version: z.string(), rows: z.number().int(), source: z.string() }),
  features: z.array(z.string()),
  /** Frozen: `timetable.bin` is read for good. Nightly: the last 14 days of landings are. */
  timetable: z.object({ kind: z.enum(TIMETABLE_KINDS), asOf: date }),
  normaliser: z.object({ means: z.array(z.number()), deviations: z.array(z.number()) }),
  /** log odds → slope · log odds + intercept: applied to whatever the network answers. */
  calibration: z.object({ slope: z.number(), intercept: z.number() }),
  evaluations: z.array(evaluationSchema),
  /** How often late flights are late at all: the answer of last resort. */
  baseRate: z.number(),
  gate: z.object({
    state: z.enum(['passed', 'failed']),
    because: z.string(),
    checks: z.array(gateCheckSchema),
  }),
  /** Absent in manifests from before runs compared. */
  comparison: comparisonSchema.optional(),
  /** Share of test flights in each tenth of the risk scale: what live predictions are compared with. */
  riskHistogram: z.array(z.number()).length(10),
  files: z.record(z.enum(ARTIFACT_FILES), digest),
  /** Absent in manifests from before it was recorded. */
  lineage: lineageSchema.optional(),
});
export type ModelManifest = z.infer<typeof manifestSchema>;
export type Scores = z.infer<typeof scores>;
export type Evaluation = z.infer<typeof evaluationSchema>;
export type GateCheck = z.infer<typeof gateCheckSchema>;

export type Comparison = z.infer<typeof comparisonSchema>;

/** A model version as it goes into the registry: the manifest and the bytes it speaks of. */
export interface Artifact {
  manifest: ModelManifest;
  files: Record<ArtifactFile, Uint8Array>;
}
