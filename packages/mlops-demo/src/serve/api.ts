/** The model server's OpenAPI document. The schemas of requests are the ones that check them. */
import { createApi } from 'service-chassis';
import type { Api } from 'service-chassis';
import { z } from 'zod';
import { manifestSchema } from '../registry/manifest.js';
import { monitorSchema } from './monitor-report.js';
import type { predictRequest } from './predict-request.js';
import { pipelineSchema } from './store.js';

const predictionsSchema = z.object({
  modelVersion: z.string(),
  predictions: z.array(z.object({ flightId: z.string().optional(), probability: z.number().min(0).max(1) })),
});

/** The answer to POST /v1/predict. */
export type Predictions = z.infer<typeof predictionsSchema>;

const servedModelSchema = manifestSchema.extend({
  /** The tfjs backend that answers here. */
  backend: z.string(),
  trainedBackend: z.string(),
  servedSince: z.string(),
});

/** The answer to GET /v1/model. */
export type ServedModel = z.infer<typeof servedModelSchema>;

const NO_MODEL = { description: 'No model serves yet; ask again after Retry-After seconds' };

export function describeModelServer(version: string, request: ReturnType<typeof predictRequest>): Api {
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
  api.path({
    method: 'post',
    path: '/v1/predict',
    summary: 'The risk of 1 to 1000 flights',
    tags: ['model'],
    request: { body: json(request) },
    responses: {
      200: { description: 'One prediction for each flight', ...json(predictionsSchema) },
      503: NO_MODEL,
    },
  });
  read('/v1/model', 'The manifest of the model that serves', servedModelSchema, { 503: NO_MODEL });
  read('/v1/models', 'All versions in the registry', z.object({ versions: z.array(manifestSchema) }));
  read('/v1/pipeline', 'The pipeline that made the model, and how it is served and watched', pipelineSchema);
  read('/v1/monitor', 'Drift of the predicted risks, and performance on landed flights', monitorSchema);
  return api;
}
