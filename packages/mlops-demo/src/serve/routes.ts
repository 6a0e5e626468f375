/**
 * The model server's routes: what is asked, of whom, and how it is answered.
 *
 * Rule: no route waits for the board, the registry's loading or the monitor; each answers from what is there now.
 */
import { problem, validate } from 'service-chassis';
import type { Faults, PipelineReport, ServiceOptions } from 'service-chassis';
import type { ModelManifest } from '../registry/manifest.js';
import type { Predictions, ServedModel } from './api.js';
import type { MonitorReport } from './monitor-report.js';
import { predict } from './predict.js';
import { inMinutes } from './predict-request.js';
import type { predictRequest } from './predict-request.js';
import type { Serving } from './serving.js';

const RETRY_AFTER_SECONDS = '2';

export interface RoutesOptions {
  request: ReturnType<typeof predictRequest>;
  faults: Faults;
  /** The model at work, or a sentence why there is none. */
  serving: () => Serving | string;
  onPredicted: (serving: Serving, risks: Float32Array) => void;
  /** The tfjs backend that answers here. */
  backend: string;
  versions: () => Promise<ModelManifest[]>;
  pipeline: () => Promise<PipelineReport>;
  monitor: () => MonitorReport;
}

type Router = Parameters<ServiceOptions['routes']>[0];

export function addRoutes(router: Router, options: RoutesOptions): void {
  // Faults suffer here only: health, metrics and the control room's questions stay honest.
  router.post('/v1/predict', options.faults.middleware, (request, response) => {
    response.json(answerPrediction(options, request.body));
  });
  router.get('/v1/model', (_request, response) => {
    response.json(servedModel(atWork(options), options.backend));
  });
  router.get('/v1/models', async (_request, response) => {
    response.json({ versions: await options.versions() });
  });
  router.get('/v1/pipeline', async (_request, response) => {
    response.json(await options.pipeline());
  });
  router.get('/v1/monitor', (_request, response) => {
    response.json(options.monitor());
  });
}

function answerPrediction(options: RoutesOptions, body: unknown): Predictions {
  const { flights } = validate(options.request, body);
  const serving = atWork(options);
  const risks = predict(serving.model, serving.features, flights.map(inMinutes));
  const predictions = flights.map(({ flightId }, index) => {
    const probability = risks[index]!;
    serving.monitor.predicted(flightId, probability);
    return { ...(flightId === undefined ? {} : { flightId }), probability };
  });
  options.onPredicted(serving, risks);
  return { modelVersion: serving.manifest.version, predictions };
}

function servedModel({ manifest, since }: Serving, backend: string): ServedModel {
  return { ...manifest, backend, trainedBackend: manifest.backend, servedSince: since };
}

function atWork(options: RoutesOptions): Serving {
  const serving = options.serving();
  if (typeof serving !== 'string') return serving;
  throw problem(503, 'No model', `${serving}. Ask again in a few seconds.`, {
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  });
}
