/**
 * What the server says of its challenger (GET /v1/challenger): schema, type and documentation at once.
 *
 * Whoever moves stages (the retrain controller, a person) waits for `trial.verdict.finished`, then reads `kind` and `because`.
 */
import { z } from 'zod';
import { performanceSchema } from '../monitor-report.js';
import type { Performance } from '../monitor-report.js';
import type { Challenge, ChallengeState } from './follow-challenger.js';
import type { TrialReport } from './trial.js';

const kind = z.enum(['pass', 'fail', 'inconclusive']);
/** JSON knows no NaN. */
const known = z.number().nullable();
const check = z.object({
  check: z.string(),
  kind,
  because: z.string(),
  numbers: z.record(z.string(), known),
});
const counts = z.object({ champion: z.number().int(), challenger: z.number().int() });

export const challengerSchema = z.object({
  state: z.enum(['none', 'loading', 'refused', 'shadow', 'canary']),
  because: z.string(),
  champion: z.string().nullable(),
  challenger: z
    .object({
      version: z.string(),
      stage: z.enum(['shadow', 'canary']),
      /** Share of the flights that it answers. */
      share: z.number(),
      since: z.string(),
      by: z.string(),
    })
    .nullable(),
  trial: z
    .object({
      /** Observation windows that have ended, of how many at most. */
      windows: z.number().int(),
      mostWindows: z.number().int(),
      /** Flights that each of the two answered. */
      answered: counts,
      /** Landed flights that both judged. */
      landed: z.number().int(),
      logLoss: z.object({
        pairs: z.number().int(),
        champion: known,
        challenger: known,
        /** Challenger less champion: below 0 the challenger is better. */
        difference: known,
        standardError: known,
      }),
      verdict: z.object({ kind, finished: z.boolean(), because: z.string(), checks: z.array(check) }),
    })
    .nullable(),
  /** Of all landed flights that each has judged since it was loaded. */
  performance: z.object({
    champion: performanceSchema.nullable(),
    challenger: performanceSchema.nullable(),
  }),
});

export type ChallengerReport = z.infer<typeof challengerSchema>;

export interface ReportedChallenge {
  state: ChallengeState;
  champion: string | undefined;
  challenge: Challenge | undefined;
  performance: { champion: Performance | null; challenger: Performance | null };
}

export function challengerReport({
  state,
  champion,
  challenge,
  performance,
}: ReportedChallenge): ChallengerReport {
  const stated = { ...state, champion: champion ?? null };
  if (challenge === undefined) return { ...stated, challenger: null, trial: null, performance };
  const { version, stage, share = 0, since, by } = challenge.record;
  const challenger = { version, stage: stage === 'canary' ? stage : ('shadow' as const), share, since, by };
  return { ...stated, challenger, trial: trialOf(challenge.trial.report()), performance };
}

function trialOf(report: TrialReport): NonNullable<ChallengerReport['trial']> {
  const { windows, mostWindows, answered, landed, losses, verdict } = report;
  const { pairs, champion, challenger, difference, standardError } = losses;
  return {
    windows,
    mostWindows,
    answered,
    landed,
    logLoss: {
      pairs,
      champion: finite(champion),
      challenger: finite(challenger),
      difference: finite(difference),
      standardError: finite(standardError),
    },
    verdict: {
      ...verdict,
      checks: verdict.checks.map((each) => ({
        ...each,
        numbers: Object.fromEntries(
          Object.entries(each.numbers).map(([name, value]) => [name, finite(value)]),
        ),
      })),
    },
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
