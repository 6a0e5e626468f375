/**
 * The model server's routes: what is asked, of whom, and how it is answered.
 *
 * Rule: no route waits for the board, the registry's loading or the monitor; each answers from what is there now.
 */
import { problem, validate } from 'service-chassis';
import type { Faults, PipelineReport, Problem, ServiceOptions } from 'service-chassis';
import type { ModelManifest } from '../registry/manifest.js';
import type { Predictions, ServedModel } from './api.js';
import type { MicroBatcher } from './micro-batch.js';
import type { MonitorReport } from './monitor-report.js';
import { rowsOf } from './predict.js';
import { inMinutes } from './predict-request.js';
import type { predictRequest } from './predict-request.js';
import type { Serving } from './serving.js';

const RETRY_AFTER_SECONDS = '2';
/** The queue empties in a fraction of a second; the header knows whole ones. */
const RETRY_WHEN_FULL_SECONDS = '1';

export interface RoutesOptions {
  request: ReturnType<typeof predictRequest>;
  faults: Faults;
  /** The model at work, or a sentence why there is none. */
  serving: () => Serving | string;
  batcher: MicroBatcher<Serving>;
  onRefusedAsFull: () => void;
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
  router.post('/v1/predict', options.faults.middleware, async (request, response) => {
    response.json(await answerPrediction(options, request.body));
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

async function answerPrediction(options: RoutesOptions, body: unknown): Promise<Predictions> {
  // Before anything is checked or computed: refusing must cost less than answering.
  if (options.batcher.isFull) throw tooMany(options);
  const { flights } = validate(options.request, body);
  const serving = atWork(options);
  const rows = rowsOf(serving.live.features, flights.map(inMinutes));
  const risks = await options.batcher.ask({ model: serving, rows, rowCount: flights.length });
  if (risks === undefined) throw tooMany(options);
  const predictions = flights.map(({ flightId }, index) => {
    const probability = risks[index]!;
    serving.monitor.predicted(flightId, probability);
    return { ...(flightId === undefined ? {} : { flightId }), probability };
  });
  options.onPredicted(serving, risks);
  return { modelVersion: serving.manifest.version, predictions };
}

function tooMany({ batcher, onRefusedAsFull }: RoutesOptions): Problem {
  onRefusedAsFull();
  const detail = `${batcher.waiting} questions wait for their answer already; none is added. Ask again in ${RETRY_WHEN_FULL_SECONDS} s.`;
  return problem(429, 'Too many predictions', detail, {
    headers: { 'retry-after': RETRY_WHEN_FULL_SECONDS },
  });
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
