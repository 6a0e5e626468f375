/**
 * Retrain state: where an attempt stands, and how those before it ended. One small file, so that a killed process goes on where it was.
 *
 *   idle → training → shadow → canary → idle (promoted, discarded, or taken over by a person)
 */
import { z } from 'zod';

/** One arrow of the diagram above, and why. */
const step = z.object({
  /** ISO 8601 of the clock that the flights live by. */
  at: z.string(),
  to: z.enum(['training', 'shadow', 'canary', 'promoted', 'discarded', 'taken over']),
  because: z.string(),
});

const attempt = z.object({
  /** ISO 8601 of the clock that the flights live by. */
  startedAt: z.string(),
  trigger: z.enum(['by hand', 'decay', 'drift that matters', 'schedule', 'volume']),
  because: z.string(),
  /** The last day that the challenger may know. */
  dataThrough: z.string(),
  version: z.string().exactOptional(),
  /** What was in production when the gate compared; null: nothing. The version takes this one's place, and no other's. */
  champion: z.string().nullable().exactOptional(),
  outcome: z.enum(['promoted', 'discarded', 'taken over']).exactOptional(),
  endedAt: z.string().exactOptional(),
  endedBecause: z.string().exactOptional(),
  /** The registry has been told how it ended. From then on a person may decide otherwise, and nobody overrules them. */
  settled: z.boolean().exactOptional(),
  /** Oldest first, the newest twenty. */
  steps: z.array(step).exactOptional(),
});

const phase = z.discriminatedUnion('name', [
  z.object({ name: z.literal('idle') }),
  z.object({ name: z.literal('training'), since: z.string() }),
  z.object({ name: z.literal('shadow'), since: z.string(), version: z.string() }),
  z.object({ name: z.literal('canary'), since: z.string(), version: z.string(), share: z.number() }),
]);

const stood = z.object({ version: z.string(), stage: z.string(), since: z.string(), by: z.string() });

export const retrainStateSchema = z.object({
  phase,
  /** Oldest first; the last one is under way unless the phase is idle. */
  attempts: z.array(attempt),
  /** How the challenger stood in the registry when the last step was decided: what a step that was not carried out still finds. */
  stood: stood.exactOptional(),
});

export type Attempt = z.infer<typeof attempt>;
export type StepTaken = z.infer<typeof step>;
export type Phase = z.infer<typeof phase>;
export type RetrainState = z.infer<typeof retrainStateSchema>;

export const NEVER_RETRAINED: RetrainState = { phase: { name: 'idle' }, attempts: [] };
