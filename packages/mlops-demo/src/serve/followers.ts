/**
 * Followers: what goes on beside the requests.
 *
 *   registry ──production──→ followRegistry ──→ Serving ──→ POST /v1/predict
 *   board ─────/v1/feed────→ followFeed ─────→ LiveFeatures, Monitor
 *   clock ─────10 s────────→ a check of the monitor, as one log line and as metrics
 */
import type { ServiceOptions } from 'service-chassis';
import type { ModelManifest } from '../registry/manifest.js';
import { loadModel, productionVersion } from '../registry/store.js';
import { breathe, every, isoNow, monotonicMs, pause } from './clock.js';
import { openFeed } from './feed.js';
import type { Get } from './feed.js';
import { followFeed } from './follow-feed.js';
import type { FeedFollower } from './follow-feed.js';
import { followRegistry } from './follow-registry.js';
import type { RegistryFollower } from './follow-registry.js';
import type { LiveFeatures } from './live-features.js';
import type { ModelServerMetrics } from './metrics.js';
import type { MicroBatcher } from './micro-batch.js';
import { driftCheckLine } from './monitor-report.js';
import { prepare } from './serving.js';
import type { Serving } from './serving.js';
import { readHistory } from './store.js';

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
}

export interface Followers {
  models: RegistryFollower;
  stop(): Promise<void>;
}

/** Starts them. */
export function startFollowers(options: FollowersOptions): Followers {
  const { modelsDir, flightsApiUrl, logger, metrics, batcher } = options;
  const clock = { now: monotonicMs, pause };
  const models = followRegistry({
    ...clock,
    logger,
    productionVersion: async () => productionVersion(modelsDir),
    load: async (name) => loadModel(modelsDir, name),
    prepare: async (loaded, serving) =>
      prepare({ loaded, serving, history, catchUp, breathe, since: isoNow }),
    onServing: ({ manifest }) => metrics.serving(manifest.version),
    onRefused: () => metrics.refused(),
    retire: (before) => {
      // What it was asked it still answers.
      batcher.flush();
      before.model.network.dispose();
    },
    pollMs: options.registryPollMs ?? 2_000,
  });
  const feed = flightsApiUrl === undefined ? undefined : follow(flightsApiUrl);
  if (feed !== undefined) metrics.watchLag(() => feed.lagSeconds());

  function follow(boardUrl: string): FeedFollower {
    return followFeed({
      ...clock,
      logger,
      read: openFeed(boardUrl, options.fetch),
      learner: () => models.serving()?.live,
      onLanding: ({ flightId, delayMinutes }) => models.serving()?.monitor.landed(flightId, delayMinutes),
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
    logger.info(
      { 'drift.psi': report.drift.psi, 'drift.verdict': report.drift.verdict },
      driftCheckLine(report),
    );
  });

  return {
    models,
    async stop() {
      stopChecks();
      await Promise.all([models.stop(), feed?.stop()]);
    },
  };
}
