/**
 * The model server's routes: what is asked, and of whom.
 *
 * Rule: no route waits for the board, the registry's loading or the monitor; each answers from what is there now.
 */
import { actorOf, requireToken, validate } from 'service-chassis';
import type { Credentials, Faults, PipelineReport, ServiceOptions } from 'service-chassis';
import type { ModelManifest } from '../registry/manifest.js';
import type { Admission } from './admission.js';
import { answerExplanation, answerPrediction, atWork, full } from './answers.js';
import type { AnswersOptions } from './answers.js';
import type { ServedModel } from './api.js';
import type { ChallengerReport } from './challenger/challenger-report.js';
import type { MonitorReport } from './monitor-report.js';
import type { RefusalPace } from './refusal-pace.js';
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

export interface AdmissionOptions extends Pick<AnswersOptions, 'batcher' | 'onRefusedAsFull'> {
  admission: Admission;
  pace: RefusalPace;
  /** Longest body that is read. */
  mostBytes: number;
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
}

/**
 * Before the body of a question is read. What is left of a refused request is drained by the HTTP server, and the connection lives on;
 * where more may come than a question can have, it is closed instead.
 */
export function addAdmission(router: Router, options: AdmissionOptions): void {
  const { admission, batcher, pace, mostBytes, now } = options;
  router.post('/v1/predict', (request, response, next) => {
    const announced = request.headers['content-length'];
    const place = batcher.isFull ? undefined : admission.enter(Number(announced ?? 0), now());
    if (place !== undefined) {
      response.once('close', () => place.leave());
      next();
      return;
    }
    response.locals['summedUp'] = true;
    if (announced === undefined || Number(announced) > mostBytes) response.setHeader('connection', 'close');
    const because = full(options, Math.max(admission.inside, batcher.waiting));
    pace.refuse({ isGone: () => response.destroyed, give: () => next(because) });
  });
}

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
