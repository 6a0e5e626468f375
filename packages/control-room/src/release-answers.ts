/** What the board answers about its releases: DORA's measures and the service level. */
import { z } from 'zod';
import { count, instant, list, text } from './bounded.js';

const MOST_BUDGETS = 10;
/** Three windows for each objective. */
const MOST_BURN_RATES = 30;

const seconds = z.number().nullable();

/** All deployments of the window come, since the measures rest on all of them; deployments.ts keeps the latest. */
export const dora = z.object({
  window: z.object({ from: instant, to: instant }),
  deploymentsPerDay: z.number().nonnegative(),
  secondsBetweenDeployments: seconds,
  leadTimeSeconds: seconds,
  changeFailRate: z.number().min(0).max(1).nullable(),
  recoverySeconds: seconds,
  recovered: count,
  stillFailing: count,
  deployments: z.array(
    z.object({
      subject: text,
      startedAt: instant,
      endedAt: instant,
      outcome: z.enum(['promoted', 'rolled-back']),
      changes: z.array(z.unknown()),
      failedAt: instant.optional(),
      recoveredAt: instant.optional(),
      because: text,
    }),
  ),
});

export const serviceLevel = z.object({
  budgets: list(
    z.object({
      objective: text,
      target: z.number().min(0).max(1),
      requests: count,
      allowed: z.number().nonnegative(),
      spent: count,
      remaining: z.number().nullable(),
      state: z.enum(['unknown', 'left', 'empty']),
    }),
    MOST_BUDGETS,
  ),
  burnRates: list(
    z.object({
      objective: text,
      longSeconds: z.number().positive(),
      factor: z.number(),
      long: z.number().nullable(),
      tooFast: z.boolean(),
    }),
    MOST_BURN_RATES,
  ),
  frozen: z.boolean(),
  because: text,
});
