/**
 * Trial record: a trial as plain data, so that it outlives the process.
 *
 * Rule: at most ten windows and 20,000 waiting flights, about 1 MB. It belongs to one champion, one challenger and one stage with its share
 * and beginning: for another one it is no evidence.
 */
import { z } from 'zod';
import { MOST_WAITING } from '../waiting-flights.js';
import { BUCKETS } from './model-window.js';

export type Side = 'champion' | 'challenger';

const count = z.number().int().min(0);
const counts = z.object({ requests: count, failures: count, batches: z.array(count).length(BUCKETS) });
const windowSchema = z.object({
  champion: counts,
  challenger: counts,
  /** Flights about which one of the two was not asked: too many waited. */
  dropped: count,
  seconds: z.number().min(0),
});
const risk = z.number().min(0).max(1);
const losses = z.object({
  waiting: z.array(z.tuple([z.string(), risk, risk])).max(MOST_WAITING),
  block: z.object({ flights: count, champion: z.number(), challenger: z.number() }),
  all: z.object({
    blocks: count,
    champion: z.number(),
    challenger: z.number(),
    differenceSquared: z.number(),
  }),
  landed: count,
});

const kind = z.enum(['pass', 'fail', 'inconclusive']);
/** JSON knows no NaN. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const check = z.object({
  check: z.string(),
  kind,
  because: z.string(),
  numbers: z.record(z.string(), number),
});
const verdict = z.object({
  kind,
  finished: z.boolean(),
  because: z.string(),
  checks: z.array(check).max(20),
});

/** Whose trial it is. */
const subject = z.object({
  champion: z.string(),
  challenger: z.string(),
  stage: z.string(),
  share: z.number(),
  since: z.string(),
});

export const trialRecordSchema = z.object({
  subject,
  windows: z.array(windowSchema).max(100),
  /** The window that is open; its seconds are its age. */
  open: windowSchema,
  landedAtOpening: count,
  answered: z.object({ champion: count, challenger: count }),
  /** As of the last window. */
  verdict,
  losses,
});

export type TrialWindow = z.infer<typeof windowSchema>;
export type TrialSubject = z.infer<typeof subject>;
export type LossesRecord = z.infer<typeof losses>;
export type TrialVerdict = z.infer<typeof verdict>;
export type TrialRecord = z.infer<typeof trialRecordSchema>;

/** Why a record is not the beginning of this trial, or undefined when it is. */
export function whyAnother(record: TrialSubject, wanted: TrialSubject): string | undefined {
  const keys = ['champion', 'challenger', 'stage', 'share', 'since'] as const;
  if (keys.every((key) => record[key] === wanted[key])) return undefined;
  return `it is of ${tell(record)}, not of ${tell(wanted)}`;
}

function tell({ champion, challenger, stage, share, since }: TrialSubject): string {
  const answers = stage === 'canary' ? ` of ${(share * 100).toFixed(0)} %` : '';
  return `${challenger} beside ${champion}, in ${stage}${answers} since ${since}`;
}
