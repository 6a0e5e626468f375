/**
 * Answers about the delivery's records, as schemas: DORA's measures and the service level.
 */
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const seconds = z.number().min(0);

const deployment = z
  .strictObject({
    subject: z.string(),
    startedAt: instant,
    endedAt: instant,
    outcome: z.enum(['promoted', 'rolled-back']),
    changes: z.array(z.strictObject({ commit: z.string(), committedAt: instant })),
    failures: z.array(z.strictObject({ failedAt: instant, recoveredAt: instant.optional() })),
    failedAt: instant.optional(),
    recoveredAt: instant.optional(),
    because: z.string(),
  })
  .meta({ id: 'Deployment' });

export const doraAnswer = z.strictObject({
  window: z.strictObject({ from: instant, to: instant }),
  deploymentsPerDay: z.number().min(0),
  secondsBetweenDeployments: seconds.nullable(),
  leadTimeSeconds: z.number().nullable(),
  changeFailRate: z.number().min(0).max(1).nullable(),
  recoverySeconds: seconds.nullable(),
  recovered: z.int().min(0),
  stillFailing: z.int().min(0),
  deployments: z.array(deployment),
});

const objective = z.enum(['success', 'latency']);

const budget = z
  .strictObject({
    objective,
    target: z.number(),
    requests: z.int(),
    allowed: z.number(),
    spent: z.int(),
    remaining: z.number().nullable(),
    state: z.enum(['unknown', 'left', 'empty']),
  })
  .meta({ id: 'Budget' });

const burnRate = z
  .strictObject({
    objective,
    severity: z.enum(['page', 'ticket']),
    longSeconds: seconds,
    shortSeconds: seconds,
    factor: z.number(),
    long: z.number().nullable(),
    short: z.number().nullable(),
    tooFast: z.boolean(),
  })
  .meta({ id: 'BurnRate' });

export const sloAnswer = z.strictObject({
  objectives: z.strictObject({
    successRatio: z.number(),
    p95Seconds: z.number(),
    inTimeRatio: z.number(),
    windowSeconds: z.number(),
    leastRequests: z.number(),
  }),
  periodSeconds: seconds,
  budgets: z.array(budget),
  burnRates: z.array(burnRate),
  frozen: z.boolean(),
  because: z.string(),
});
