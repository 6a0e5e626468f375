/**
 * The model server (shell): the followers of registry and feed, and an HTTP service that answers from what they have brought.
 */
import { createFaults, createMetrics, createService, listen } from 'service-chassis';
import type { Credentials, Listening } from 'service-chassis';
import { chooseBackend } from '../backend.js';
import type { BackendChoice } from '../backend.js';
import { scoreBatch } from '../model.js';
import { listModels } from '../registry/store.js';
import { readAirports } from '../vega-datasets/store.js';
import { Admission, ADMISSION_LIMITS } from './admission.js';
import { describeModelServer } from './api.js';
import { challengerReport } from './challenger/challenger-report.js';
import { isoNow, later, monotonicMs } from './clock.js';
import { startFollowers } from './followers.js';
import type { Followers, FollowersOptions } from './followers.js';
import { modelServerMetrics } from './metrics.js';
import type { ModelServerMetrics } from './metrics.js';
import { BATCH_LIMITS, MicroBatcher } from './micro-batch.js';
import type { BatchLimits } from './micro-batch.js';
import { monitorPage } from './monitor-page.js';
import { NOTHING_TO_MONITOR } from './monitor-report.js';
import { pipelineNow } from './pipeline-report.js';
import { MOST_EXPLAINED, predictRequest } from './predict-request.js';
import { retrainingOrWhyNot } from './retrain-api.js';
import { startRetrainer } from './retrainer.js';
import type { Retrainer, RetrainerOptions } from './retrainer.js';
import { RefusalPace } from './refusal-pace.js';
import { countRefusals } from './refusals.js';
import { addAdmission, addRoutes } from './routes.js';
import type { Serving } from './serving.js';
import { readRunReport } from './store.js';
import { TokenBucket } from './token-bucket.js';

const NAME = 'model-server';
/** In flights: a person or a page asks about a few; at most 20 batches a second go into it. */
const EXPLANATIONS = { burst: 40, perSecond: 20 };
/** 1000 flights with long ids. */
const MOST_BYTES = 512 * 1_024;

export interface ModelServerOptions extends Omit<FollowersOptions, 'metrics' | 'batcher' | 'fetch'> {
  host: string;
  port: number;
  version?: string;
  commit?: string;
  /** Who may inject faults; without it nobody. */
  token?: Credentials;
  faultsEnabled?: boolean;
  /** Trains challengers by itself when the monitor gives reason to. */
  retrains?: boolean;
  retrainTickMs?: number;
  /** How old the model's data may become before it is trained anew; 0 is for ever. */
  mostDataDays?: number;
  /** How a challenger is trained (default: in a process of its own, on all recorded flights). */
  train?: RetrainerOptions['train'];
  /** Insists on a tfjs backend. */
  backend?: string | undefined;
  /** How many predictions may wait, and how long for company. */
  batchLimits?: BatchLimits;
  /** The network's pass (default: `scoreBatch`). A benchmark of its cost gives another. */
  score?: typeof scoreBatch;
}

/** Starts serving. Without a model it is alive and not ready. */
export async function startModelServer(options: ModelServerOptions): Promise<Listening> {
  const { logger, version = '0.1.0', commit = 'unknown', score = scoreBatch } = options;
  const { batchLimits = BATCH_LIMITS } = options;
  const backend = await chooseBackend(options.backend);
  logger.info(`tfjs backend ${backend.because}`);
  const registry = createMetrics({ service: NAME, version, commit });
  const metrics = modelServerMetrics(registry);
  const batcher = new MicroBatcher<Serving>({
    score: ({ model }, rows) => score(model, rows),
    onScored(batch) {
      metrics.scored(batch);
      followers.scored(batch);
    },
    now: monotonicMs,
    later,
    limits: batchLimits,
  });
  metrics.watchQueue(() => batcher.waiting);
  const sumUp = countRefusals({ say: (sentence) => logger.warn(sentence), later });
  const onRefusedAsFull = (waiting: number) => {
    metrics.refusedAsFull();
    sumUp(waiting);
  };
  const admission = new Admission({ ...ADMISSION_LIMITS, mostQuestions: batchLimits.mostQuestions });
  const followers = startFollowers({ ...options, metrics, batcher, fetch });
  const retrainer =
    options.retrains === true
      ? startRetrainer({
          modelsDir: options.modelsDir,
          followers,
          say: (sentence) => logger.info(sentence),
          warn: (sentence) => logger.warn(sentence),
          mostDataDays: options.mostDataDays,
          train: options.train,
          ...(options.retrainTickMs === undefined ? {} : { tickMs: options.retrainTickMs }),
        })
      : undefined;

  const faults = createFaults({
    service: NAME,
    enabled: options.faultsEnabled ?? false,
    token: options.token,
    logger,
  });
  const airports = readAirports();
  const requests = {
    request: predictRequest(airports),
    explainRequest: predictRequest(airports, MOST_EXPLAINED),
  };
  const app = createService({
    name: NAME,
    version,
    commit,
    logger,
    registry,
    faults,
    bodyLimit: MOST_BYTES,
    api: describeModelServer(version, requests),
    readiness: {
      model: () => followers.models.serving() !== undefined || followers.models.deployment().because,
    },
    admission: (router) =>
      addAdmission(router, {
        admission,
        batcher,
        pace: new RefusalPace({ now: monotonicMs, later }),
        onRefusedAsFull,
        mostBytes: MOST_BYTES,
        now: monotonicMs,
      }),
    routes: (router) =>
      addRoutes(router, {
        ...requests,
        faults,
        batcher,
        onRefusedAsFull,
        retrainer,
        token: options.token,
        ...answersFrom({ followers, metrics, options, backend: backend.backend, retrainer }),
      }),
  });
  const stop = async (): Promise<void> => {
    await retrainer?.stop();
    await followers.stop();
  };
  const onShutdown = [stop];
  try {
    return await listen(app, { host: options.host, port: options.port, logger, onShutdown });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Told {
  followers: Followers;
  metrics: ModelServerMetrics;
  options: ModelServerOptions;
  backend: BackendChoice['backend'];
  retrainer: Retrainer | undefined;
}

function answersFrom({
  followers: { models, challenger },
  metrics,
  options: { modelsDir },
  backend,
  retrainer,
}: Told) {
  return {
    backend,
    explanations: new TokenBucket(EXPLANATIONS),
    seconds: () => monotonicMs() / 1_000,
    serving: () => models.serving() ?? models.deployment().because,
    challenge: () => {
      const challenge = challenger.challenge();
      // For a moment after a swap it still stands beside the champion before.
      return challenge?.champion === models.serving() ? challenge : undefined;
    },
    onPredicted: (version: string, risk: number) => metrics.predicted(version, risk),
    onDropped: () => metrics.dropped(),
    versions: async () => listModels(modelsDir),
    monitor: () => models.serving()?.monitor.check() ?? NOTHING_TO_MONITOR,
    monitorPage: () => monitorPage(models.serving()),
    challenger: () => {
      const [champion, challenge] = [models.serving(), challenger.challenge()];
      const performance = {
        champion: champion?.monitor.check().performance ?? null,
        challenger: challenge?.serving.monitor.check().performance ?? null,
      };
      return challengerReport({
        state: challenger.state(),
        champion: champion?.manifest.version,
        challenge,
        performance,
      });
    },
    pipeline: async () =>
      pipelineNow({
        run: await readRunReport(modelsDir),
        manifest: models.serving()?.manifest,
        deployment: models.deployment(),
        monitor: models.serving()?.monitor.check(),
        ...(retrainer === undefined ? {} : { retraining: await retrainingOrWhyNot(retrainer) }),
        now: isoNow(),
      }),
  };
}
