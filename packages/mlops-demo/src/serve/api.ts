/** The model server's OpenAPI document. The schemas of requests are the ones that check them. */
import { createApi } from 'service-chassis';
import type { Api } from 'service-chassis';
import { z } from 'zod';
import { manifestSchema } from '../registry/manifest.js';
import { challengerSchema } from './challenger/challenger-report.js';
import { FACTORS } from './factors.js';
import { monitorSchema } from './monitor-report.js';
import { MOST_EXPLAINED, MOST_FLIGHTS } from './predict-request.js';
import type { predictRequest } from './predict-request.js';
import { decisionSchema, retrainingSchema, retrainRequest } from './retrain-api.js';
import { pipelineSchema } from './store.js';

/** Where another version than the one at the top judged this flight. */
const otherVersion = z.string().optional();

const predictionsSchema = z.object({
  modelVersion: z.string(),
  predictions: z.array(
    z.object({
      flightId: z.string().optional(),
      probability: z.number().min(0).max(1),
      modelVersion: otherVersion,
    }),
  ),
});

/** The answer to POST /v1/predict. */
export type Predictions = z.infer<typeof predictionsSchema>;

const explanationsSchema = z.object({
  modelVersion: z.string(),
  /** The attributions add up in probabilities, not in logits. */
  scale: z.literal('probability'),
  explanations: z.array(
    z.object({
      flightId: z.string().optional(),
      probability: z.number().min(0).max(1),
      /** The risk of a flight whose inputs are all average; probability is this plus all points. */
      baseline: z.number().min(0).max(1),
      attributions: z.array(z.object({ factor: z.enum(FACTORS), points: z.number() })).length(FACTORS.length),
      because: z.string(),
      modelVersion: otherVersion,
    }),
  ),
});

/** The answer to POST /v1/explain. */
export type Explanations = z.infer<typeof explanationsSchema>;

const servedModelSchema = manifestSchema.extend({
  /** The tfjs backend that answers here. */
  backend: z.string(),
  trainedBackend: z.string(),
  servedSince: z.string(),
});

/** The answer to GET /v1/model. */
export type ServedModel = z.infer<typeof servedModelSchema>;

const NO_MODEL = { description: 'No model serves yet; ask again after Retry-After seconds' };
const DAMAGED = {
  description: 'Nobody can tell where an attempt stands: the file is damaged; the remedy is named',
};
const WRONG = { description: 'A field is wrong; errors names it and its fix' };
const FULL = { description: 'Too many wait already; ask again after Retry-After seconds' };

type Request = ReturnType<typeof predictRequest>;

export function describeModelServer(
  version: string,
  { request, explainRequest }: { request: Request; explainRequest: Request },
): Api {
  const description = 'Predicts the risk that a departing flight lands 15 minutes late or later.';
  const api = createApi({ title: 'model-server', version, description });
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
  const read = (path: string, summary: string, schema: z.ZodType, others = {}) =>
    api.path({
      method: 'get',
      path,
      summary,
      tags: ['model'],
      responses: { 200: { description: summary, ...json(schema) }, ...others },
    });
  const ask = (path: string, summary: string, body: z.ZodType, description: string, answer: z.ZodType) =>
    api.path({
      method: 'post',
      path,
      summary,
      tags: ['model'],
      request: { body: json(body) },
      responses: { 200: { description, ...json(answer) }, 422: WRONG, 429: FULL, 503: NO_MODEL },
    });
  ask(
    '/v1/predict',
    `The risk of 1 to ${MOST_FLIGHTS} flights`,
    request,
    'One prediction for each flight, in order',
    predictionsSchema,
  );
  ask(
    '/v1/explain',
    `What the risk of 1 to ${MOST_EXPLAINED} flights is made of`,
    explainRequest,
    'For each flight attributions whose sum is its risk less that of an average flight',
    explanationsSchema,
  );
  read('/v1/model', 'The manifest of the model that serves', servedModelSchema, { 503: NO_MODEL });
  read('/v1/models', 'All versions in the registry', z.object({ versions: z.array(manifestSchema) }));
  read('/v1/pipeline', 'The pipeline that made the model, and how it is served and watched', pipelineSchema);
  read(
    '/v1/challenger',
    'The version in shadow or canary: its numbers beside the champion, and the verdict with its reason',
    challengerSchema,
  );
  read(
    '/v1/monitor',
    'Drift, data quality and performance on landed flights, over days and a week',
    monitorSchema,
  );
  read('/v1/retrain', 'What was decided last about retraining, and the attempts so far', retrainingSchema, {
    503: DAMAGED,
  });
  api.path({
    method: 'post',
    path: '/v1/retrain',
    summary: 'Ask for a retraining. Needs the bearer token',
    tags: ['model'],
    request: { body: json(retrainRequest) },
    responses: {
      202: { description: 'An attempt has begun', ...json(decisionSchema) },
      403: { description: 'Without configured tokens nobody may act' },
      409: { description: 'Not now, with the reason' },
      503: DAMAGED,
    },
  });
  api.path({
    method: 'get',
    path: '/v1/monitor/report',
    summary: 'The same as a page to read',
    tags: ['model'],
    responses: { 200: { description: 'An HTML page', content: { 'text/html': { schema: z.string() } } } },
  });
  return api;
}
