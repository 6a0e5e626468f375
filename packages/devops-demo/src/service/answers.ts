/**
 * Answers: what the board sends, as schemas. The OpenAPI document is built from them, and a test holds real answers
 * against that document.
 */
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const probability = z.number().min(0).max(1);

const departureFields = {
  flightId: z.string(),
  origin: z.string(),
  destination: z.string(),
  departedAt: instant,
  distanceMiles: z.number(),
};

const outcome = z.strictObject({ delayMinutes: z.int(), landedAt: instant }).nullable();

const risk = z
  .discriminatedUnion('source', [
    z.strictObject({
      probability,
      source: z.literal('model'),
      degraded: z.literal(false),
      modelVersion: z.string(),
    }),
    z.strictObject({
      probability,
      source: z.literal('base-rate'),
      degraded: z.literal(true),
      modelVersion: z.null(),
      because: z.string(),
    }),
  ])
  .meta({ id: 'Risk' });

export const flightAnswer = z.strictObject({ ...departureFields, risk, outcome }).meta({ id: 'Flight' });

export const boardAnswer = z.strictObject({
  flights: z.array(flightAnswer),
  nextCursor: z.string().nullable(),
});

const event = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('departed'), ...departureFields }),
    z.strictObject({
      type: z.literal('landed'),
      ...departureFields,
      landedAt: instant,
      delayMinutes: z.int(),
    }),
  ])
  .meta({ id: 'BoardEvent' });

export const feedAnswer = z.strictObject({ events: z.array(event), next: z.string() });

export const statsAnswer = z.strictObject({
  flights: z.int(),
  landed: z.int(),
  degraded: z.int(),
  lastDepartedAt: instant.nullable(),
});

export const deliveryAnswer = z.strictObject({
  pipeline: z.literal('devops'),
  updatedAt: instant,
  tested: z
    .strictObject({ kind: z.enum(['passed', 'failed', 'untested']), because: z.string() })
    .nullable()
    .describe("What is known of the commit's run of the tests; null where no manifest or records are."),
  stages: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
      because: z.string(),
      file: z.string(),
      seconds: z.number().optional(),
    }),
  ),
});
