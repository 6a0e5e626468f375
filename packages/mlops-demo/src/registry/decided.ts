/**
 * What a promotion was decided on: the comparison of the run that asked for it.
 *
 * in:  the run's comparison, the gate's verdict on it → out: kept beside the version's stage, in registry.json
 *
 * Rule: a manifest never changes, so it holds the comparison of the run that made the version. A later run of the same plan meets another
 * version in production, and is compared with that: the newest promotion by a run is what counts for the next repetition. A stage that a
 * person gives compares nothing and leaves it as it is.
 *
 * Example: made against January and not deployed; a later run finds it better than February → { against: { version: '2001-02-28-…' }, because:
 * 'better than 2001-02-28-…: log loss lower by …', gate: 'passed', at, by }
 */
import { z } from 'zod';

export const decidedSchema = z.object({
  /** ISO 8601. */
  at: z.string(),
  by: z.string(),
  against: z.object({ digest: z.string(), version: z.string().exactOptional() }),
  /** The comparison's sentence. */
  because: z.string(),
  gate: z.enum(['passed', 'failed']),
});
export type Decided = z.infer<typeof decidedSchema>;

/** What a run knows of it. When, and by whom, the promotion says. */
export type Grounds = Omit<Decided, 'at' | 'by'>;
