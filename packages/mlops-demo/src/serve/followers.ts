/**
 * Followers: what goes on beside the requests.
 *
 *   registry ──production──────→ followRegistry ───→ Serving ────→ POST /v1/predict
 *   registry ──shadow, canary──→ followChallenger ──→ Challenge ──→ POST /v1/predict, GET /v1/challenger
 *   board ─────/v1/feed────────→ followFeed ────────→ LiveFeatures, Monitor, Trial
 *   clock ─────1 s, 5 s────────→ a look at the trial, and its state on disk
 *   clock ─────10 s────────────→ a check of the monitors, as one log line and as metrics
 */
import type { ServiceOptions } from 'service-chassis';
import type { DelayModel } from '../model.js';
import type { ModelManifest } from '../registry/manifest.js';
import { challenger as challengerOf } from '../registry/stages.js';
import { readStages } from '../registry/changes/store.js';
import { loadModel, productionVersion } from '../registry/store.js';
import { breathe, every, isoNow, monotonicMs, pause } from './clock.js';
import { followChallenger } from './challenger/follow-challenger.js';
import type { ChallengerFollower } from './challenger/follow-challenger.js';
import { readTrial, writeTrial } from './challenger/store.js';
import { watchTrial } from './challenger/watch-trial.js';
import { openFeed } from './feed.js';
import type { Get } from './feed.js';
import { followFeed } from './follow-feed.js';
import type { FeedFollower } from './follow-feed.js';
import { followRegistry } from './follow-registry.js';
import type { RegistryFollower } from './follow-registry.js';
import type { LiveFeatures } from './live-features.js';
import type { ModelServerMetrics } from './metrics.js';
import type { MicroBatcher, ScoredBatch } from './micro-batch.js';
import { driftCheckLine } from './monitor-report.js';
import { referenceOfModel } from './monitor-reference.js';
import { besideChampion, prepare } from './serving.js';
import type { Serving } from './serving.js';
import { readHistory } from './store.js';
import { WaitingFlights } from './waiting-flights.js';

export interface FollowersOptions {
  modelsDir: string;
  /** The board whose feed is followed; without it the features know only the model's history. */
  flightsApiUrl?: string | undefined;
  logger: ServiceOptions['logger'];
  metrics: ModelServerMetrics;
  batcher: MicroBatcher<Serving>;
  fetch: Get;
  registryPollMs?: number;
  feedPollMs?: number;
  checkMs?: number;
  trialLookMs?: number;
  trialSaveMs?: number;
}

export interface Followers {
  models: RegistryFollower;
  challenger: ChallengerFollower;
  /** A batch passed through a network: the trial looks at the time. */
  scored(batch: ScoredBatch<Serving>): void;
  stop(): Promise<void>;
}

/** Starts them. */
export function startFollowers(options: FollowersOptions): Followers {
  const { modelsDir, flightsApiUrl, logger, metrics, batcher } = options;
  const clock = { now: monotonicMs, pause };
  /** Landings told while no challenger was there: after a restart some are of flights that a saved trial waits for. */
  let heard = new WaitingFlights<number>();
  const models = followRegistry({
    ...clock,
    logger,
    productionVersion: async () => productionVersion(modelsDir),
    load: async (name) => loadModel(modelsDir, name),
    prepare: async (loaded, serving) =>
      prepare({ loaded, serving, history, catchUp, breathe, since: isoNow }),
    onServing: (serving) => {
      const { manifest } = serving;
      void replayReference(serving);
      metrics.tookOver();
      metrics.versions([manifest.version, challenger?.challenge()?.record.version]);
    },
    onRefused: () => metrics.refused(),
    retire: (before) => retire(before.model),
    pollMs: options.registryPollMs ?? 2_000,
  });
  const challenger: ChallengerFollower | undefined = followChallenger({
    ...clock,
    logger,
    record: async () => challengerOf(await readStages(modelsDir)),
    champion: () => models.serving(),
    load: async (name) => loadModel(modelsDir, name),
    beside: (loaded, champion) => besideChampion(loaded, champion, isoNow()),
    retire,
    savedTrial: async () => readTrial(modelsDir),
    onChange: (challenge) => {
      for (const [flightId, delay] of heard.entries()) challenge?.trial.landed(flightId, delay);
      if (challenge !== undefined) heard = new WaitingFlights();
      metrics.versions([models.serving()?.manifest.version, challenge?.record.version]);
    },
    onRefused: () => metrics.refused(),
    pollMs: options.registryPollMs ?? 2_000,
  });

  /** What the monitor's windows are compared with. Nobody waits for it; a model that has gone meanwhile needs none. */
  async function replayReference(serving: Serving): Promise<void> {
    const { version } = serving.manifest;
    try {
      const reference = await referenceOfModel(serving, await history(serving.manifest), breathe);
      if (reference === undefined) logger.info(`monitor: the history of ${version} holds no examined days`);
      else serving.monitor.windows.reference = reference;
    } catch (error) {
      if (models.serving() !== serving) return;
      logger.warn(
        `monitor: ${version} has no reference: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  function retire({ network }: DelayModel): void {
    // What it was asked it still answers.
    batcher.flush();
    network.dispose();
  }

  const feed = flightsApiUrl === undefined ? undefined : follow(flightsApiUrl);
  if (feed !== undefined) metrics.watchLag(() => feed.lagSeconds());

  function follow(boardUrl: string): FeedFollower {
    return followFeed({
      ...clock,
      logger,
      read: openFeed(boardUrl, options.fetch),
      learner: () => models.serving()?.live,
      onLanding: ({ flightId, delayMinutes }) => {
        models.serving()?.monitor.landed(flightId, delayMinutes);
        const challenge = challenger?.challenge();
        if (challenge === undefined) heard.add(flightId, delayMinutes);
        challenge?.serving.monitor.landed(flightId, delayMinutes);
        challenge?.trial.landed(flightId, delayMinutes);
      },
      onTally: (events) => metrics.learned(events),
      pollMs: options.feedPollMs ?? 1_000,
    });
  }

  const history = async (manifest: ModelManifest) => readHistory(modelsDir, manifest);

  async function catchUp(live: LiveFeatures): Promise<void> {
    const drained = await feed?.drain(live);
    if (drained === undefined) return;
    const { learned, 'in history': inHistory } = drained.events;
    const events = `${learned} events learned, ${inHistory} known from the history`;
    if (drained.state === 'caught up') logger.info(`feed: caught up, ${events}`);
    else logger.warn(`feed: the board is away (${drained.because}); ${events}, the rest follows`);
  }

  const stopChecks = every(options.checkMs ?? 10_000, () => {
    const report = models.serving()?.monitor.check();
    if (report === undefined) return;
    metrics.checked(report);
    metrics.performed(models.serving()?.manifest.version ?? '', report.performance);
    const besideIt = challenger.challenge()?.serving;
    if (besideIt !== undefined)
      metrics.performed(besideIt.manifest.version, besideIt.monitor.check().performance);
    logger.info(
      { 'drift.psi': report.drift.psi, 'drift.verdict': report.drift.verdict },
      driftCheckLine(report),
    );
  });

  const stopTrial = watchTrial({
    challenge: () => challenger.challenge(),
    write: async (record) => writeTrial(modelsDir, record),
    logger,
    nowSeconds: () => monotonicMs() / 1_000,
    lookMs: options.trialLookMs ?? 1_000,
    saveMs: options.trialSaveMs ?? 5_000,
  });

  return {
    models,
    challenger,
    scored({ model, seconds, rows }) {
      const challenge = challenger.challenge();
      if (model === challenge?.serving) challenge.trial.scored('challenger', seconds, rows);
      if (model === challenge?.champion) challenge.trial.scored('champion', seconds, rows);
    },
    async stop() {
      stopChecks();
      await Promise.all([stopTrial(), models.stop(), challenger.stop(), feed?.stop()]);
    },
  };
}
