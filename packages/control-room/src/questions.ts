/**
 * Questions: what the control room asks of whom, how often, and what a sensible answer looks like.
 *
 * Answers come from other programs, which may be of another version or broken. So each is checked, long texts
 * and lists are cut, and an answer that does not fit counts as trouble of that part, never of the page.
 */
import { z } from 'zod';
import { count, list, text } from './bounded.js';
import type { PartName } from './parts.js';
import { dora, serviceLevel } from './release-answers.js';
import { forecasts, quality } from './telemetry-answers.js';

const MOST_STAGES = 30;
const MOST_STEPS = 20;
const MOST_ATTEMPTS = 3;
const MOST_TEMPLATES = 40;
const MOST_INCIDENTS = 20;
/** Ten minutes, evaluated every two seconds. */
const MOST_POINTS = 300;

const readiness = z.object({
  status: z.enum(['ready', 'not ready']),
  checks: z.record(z.string(), text).default({}),
});
const version = z.object({ version: text, commit: text, startedAt: z.iso.datetime() });
const pipeline = z.object({
  updatedAt: z.iso.datetime(),
  stages: list(
    z.object({
      name: text,
      state: z.enum(['waiting', 'running', 'passed', 'failed', 'skipped']),
      because: text,
      file: text,
      seconds: z.number().nonnegative().optional(),
    }),
    MOST_STAGES,
  ),
});
const delivery = pipeline.extend({
  tested: z.object({ kind: z.enum(['passed', 'failed', 'untested']), because: text }).nullish(),
});
const boardStats = z.object({ flights: count, landed: count, degraded: count });
const model = z.object({ version: text, backend: text.optional() });
const monitor = z.object({
  predictions: count,
  riskHistogram: z.object({
    edges: z.array(z.number()).length(11),
    live: z.array(z.number().nonnegative()).length(10),
    reference: z.array(z.number().nonnegative()).length(10),
  }),
  drift: z.object({ psi: z.number().nullable(), verdict: text, because: text }),
  performance: z
    .object({ landed: count, auc: z.number().nullable(), logLoss: z.number().nullable(), because: text })
    .nullable(),
});
const step = z.object({ at: z.iso.datetime({ offset: true }), to: text, because: text });
const attempt = z.object({ version: text.optional(), steps: list(step, MOST_STEPS).default([]) });
/** Newest attempts last. A server that does not retrain answers 404, a problem by its status, and has made none. */
const retraining = z.union([
  z.object({ attempts: z.array(attempt).transform((attempts) => attempts.slice(-MOST_ATTEMPTS)) }),
  z.object({ status: z.literal(404) }).transform(() => ({ attempts: [] })),
]);
const signals = z.object({
  signals: z.array(
    z.object({
      id: text,
      state: z.enum(['learning', 'normal', 'anomalous']),
      because: text,
      points: z.array(z.tuple([z.number(), z.number().nullable()])),
    }),
  ),
});
const templates = z.object({
  templates: list(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      template: text,
      count,
      services: z.array(text),
      lastSeen: z.iso.datetime({ offset: true }),
    }),
    MOST_TEMPLATES,
  ),
});
const incidents = z.object({
  incidents: list(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      title: text,
      openedAt: z.iso.datetime({ offset: true }),
      closedAt: z.iso.datetime({ offset: true }).nullish(),
      causes: z.array(z.object({ service: text, score: z.number(), evidence: z.array(text) })),
      signals: z.array(text),
      timeline: z.array(z.object({ at: z.iso.datetime({ offset: true }), what: text })),
    }),
    MOST_INCIDENTS,
  ),
});
const replay = z.object({
  simulatedTime: z.iso.datetime({ offset: true }),
  speed: z.number(),
  flights: count,
  outcomes: count,
  pending: count,
  state: z.enum(['starting', 'replaying', 'waiting', 'finished']),
  because: text,
});

/** One question: GET `path` of `part`, asked in every n-th round; only 200 is an answer unless `accept` says more. */
export interface Question<Answer extends z.ZodType = z.ZodType> {
  part: PartName;
  path: string;
  everyRounds: number;
  answer: Answer;
  accept?: readonly number[];
}

function ask<Answer extends z.ZodType>(
  part: PartName,
  path: string,
  everyRounds: number,
  answer: Answer,
): Question<Answer> {
  return { part, path, everyRounds, answer };
}

/** 503 with its reasons is what a part that is not ready answers. */
function askReadiness(part: PartName): Question<typeof readiness> {
  return { ...ask(part, '/readyz', 1, readiness), accept: [200, 503] };
}

/**
 * Rounds are a second apart. aiops evaluates every 2 s and renews a forecast every 10 s; a version changes with a
 * restart only; for the service level the board reads the traffic of thirty days.
 */
export const questions = {
  'flights-api/ready': askReadiness('flights-api'),
  'flights-api/version': ask('flights-api', '/version', 5, version),
  'flights-api/delivery': ask('flights-api', '/v1/delivery', 1, delivery),
  'flights-api/dora': ask('flights-api', '/v1/delivery/dora', 5, dora),
  'flights-api/slo': ask('flights-api', '/v1/delivery/slo', 10, serviceLevel),
  'flights-api/stats': ask('flights-api', '/v1/stats', 2, boardStats),
  'model-server/ready': askReadiness('model-server'),
  'model-server/version': ask('model-server', '/version', 5, version),
  'model-server/pipeline': ask('model-server', '/v1/pipeline', 1, pipeline),
  'model-server/monitor': ask('model-server', '/v1/monitor', 2, monitor),
  'model-server/model': ask('model-server', '/v1/model', 5, model),
  'model-server/retrain': {
    ...ask('model-server', '/v1/retrain', 2, retraining),
    accept: [200, 404],
  },
  'aiops/ready': askReadiness('aiops'),
  'aiops/version': ask('aiops', '/version', 5, version),
  'aiops/pipeline': ask('aiops', '/v1/pipeline', 1, pipeline),
  'aiops/signals': ask('aiops', `/v1/signals?points=${MOST_POINTS}`, 2, signals),
  'aiops/templates': ask('aiops', `/v1/templates?limit=${MOST_TEMPLATES}`, 2, templates),
  'aiops/open': ask('aiops', '/v1/incidents?state=open', 1, incidents),
  'aiops/closed': ask('aiops', '/v1/incidents?state=closed', 3, incidents),
  'aiops/forecasts': ask('aiops', '/v1/forecasts', 5, forecasts),
  'aiops/quality': ask('aiops', '/v1/quality', 2, quality),
  'replay/ready': askReadiness('replay'),
  'replay/version': ask('replay', '/version', 5, version),
  'replay/replay': ask('replay', '/v1/replay', 1, replay),
} as const;

export type QuestionId = keyof typeof questions;
export type Answer<Id extends QuestionId> = z.output<(typeof questions)[Id]['answer']>;
export const questionIds = Object.keys(questions) as QuestionId[];
