/**
 * The model server's routes: what is asked, and of whom.
 *
 * Rule: no route waits for the board, the registry's loading or the monitor; each answers from what is there now.
 */
import { actorOf, requireToken, validate } from 'service-chassis';
import type { Credentials, Faults, PipelineReport, ServiceOptions } from 'service-chassis';
import type { ModelManifest } from '../registry/manifest.js';
import { answerExplanation, answerPrediction, atWork } from './answers.js';
import type { AnswersOptions } from './answers.js';
import type { ServedModel } from './api.js';
import type { ChallengerReport } from './challenger/challenger-report.js';
import type { MonitorReport } from './monitor-report.js';
import { askForRetraining, retrainingNow, retrainRequest } from './retrain-api.js';
import type { Retrainer } from './retrainer.js';
import type { Serving } from './serving.js';

export interface RoutesOptions extends AnswersOptions {
  faults: Faults;
  /** The tfjs backend that answers here. */
  backend: string;
  versions: () => Promise<ModelManifest[]>;
  pipeline: () => Promise<PipelineReport>;
  monitor: () => MonitorReport;
  retrainer: Retrainer | undefined;
  /** Who may ask for a retraining; without it nobody. */
  token: Credentials;
  /** The same as a page to read. */
  monitorPage: () => string;
  challenger: () => ChallengerReport;
}

type Router = Parameters<ServiceOptions['routes']>[0];

export function addRoutes(router: Router, options: RoutesOptions): void {
  // Faults suffer here only: health, metrics and the control room's questions stay honest.
  router.post('/v1/predict', options.faults.middleware, async (request, response) => {
    response.json(await answerPrediction(options, request.body));
  });
  router.post('/v1/explain', options.faults.middleware, (request, response) => {
    response.json(answerExplanation(options, request.body));
  });
  router.get('/v1/model', (_request, response) => {
    response.json(servedModel(atWork(options.serving()), options.backend));
  });
  router.get('/v1/models', async (_request, response) => {
    response.json({ versions: await options.versions() });
  });
  router.get('/v1/pipeline', async (_request, response) => {
    response.json(await options.pipeline());
  });
  router.get('/v1/challenger', (_request, response) => {
    response.json(options.challenger());
  });
  router.get('/v1/monitor', (_request, response) => {
    response.json(options.monitor());
  });
  router.get('/v1/retrain', async (_request, response) => {
    response.json(await retrainingNow(options.retrainer));
  });
  router.post('/v1/retrain', ...requireToken(options.token), async (request, response) => {
    const { because } = validate(retrainRequest, request.body ?? {});
    const decision = await askForRetraining(options.retrainer, { by: actorOf(request), because });
    response.status(202).json(decision);
  });
  router.get('/v1/monitor/report', (_request, response) => {
    response.type('html').send(options.monitorPage());
  });
}

function servedModel({ manifest, since }: Serving, backend: string): ServedModel {
  return { ...manifest, backend, trainedBackend: manifest.backend, servedSince: since };
}
