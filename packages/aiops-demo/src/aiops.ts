/**
 * Shell: runs aiops-demo. Every 2 s: collect, run the pipeline, tell, store.
 *
 * It never ships its own log lines: they would come back as telemetry about telemetry, without end.
 */
import { commonConfig, createMetrics, credentialsOf, listen } from 'service-chassis';
import type { createLogger, Listening } from 'service-chassis';
import { z } from 'zod';
import { createAlertQueue } from './alert-queue.js';
import type { SignalSource } from './collect/answers.js';
import { DEFAULT_INTERVAL_MS, DEFAULT_WINDOW_MS, chooseSource } from './collect/choose-source.js';
import { startCollecting } from './collect/clock.js';
import { fetchText } from './collect/fetch-text.js';
import type { TargetReport } from './collect/target-report.js';
import { remember } from './history.js';
import { createLogQueue } from './log-queue.js';
import { createMemory, takeBack } from './memory.js';
import { createAiopsMetrics } from './metrics.js';
import { takeChanged } from './parse/parse.js';
import { runPipeline } from './pipeline.js';
import { createRecentChanges } from './recent-changes.js';
import { createApp } from './server.js';
import type { AiopsState } from './server.js';
import { signals } from './signals.js';
import type { SignalSample } from './signals.js';
import { openStore } from './store.js';
import { topology } from './topology.js';

export const aiopsConfig = commonConfig.extend({
  PORT: z.coerce.number().int().min(0).max(65535).default(8083),
  DATABASE_URL: z.string().optional(),
  PROMETHEUS_URL: z.url().optional(),
  FLIGHTS_API_URL: z.url().default('http://127.0.0.1:8081'),
  MODEL_SERVER_URL: z.url().default('http://127.0.0.1:8082'),
  REPLAY_URL: z.url().default('http://127.0.0.1:8084'),
});
export type AiopsConfig = z.infer<typeof aiopsConfig>;

/** A running service; `evaluate` does one round with given samples, as tests do. */
export interface Aiops extends Listening {
  evaluate(samples: readonly SignalSample[], at: number, targets?: readonly TargetReport[]): void;
}

export interface StartOptions {
  logger: ReturnType<typeof createLogger>;
  /** Milliseconds since 1970. */
  now: () => number;
  /** False: only `evaluate` runs the pipeline. */
  isCollecting?: boolean;
  /** How long the start waits for the database before it goes on without. */
  databasePatienceMs?: number;
}

export async function startAiops(config: AiopsConfig, options: StartOptions): Promise<Aiops> {
  const { logger, now } = options;
  const build = { service: 'aiops', version: config.TRIOPS_VERSION };
  const registry = createMetrics({ ...build, commit: config.TRIOPS_COMMIT });
  const sampling = { stepMs: DEFAULT_INTERVAL_MS, rateWindowMs: DEFAULT_WINDOW_MS };
  const memory = createMemory(signals, sampling, now());
  const { templates } = memory.parse;
  const state: AiopsState = {
    latest: null,
    history: new Map(),
    templates,
    queue: createLogQueue(),
    alerts: createAlertQueue(),
    changes: createRecentChanges(),
  };
  const recordRun = createAiopsMetrics(registry, signals);
  const store = await openStore({
    url: config.DATABASE_URL,
    logger,
    onEarlier: (earlier) => takeBack(memory, earlier, now()),
    ...(options.databasePatienceMs === undefined ? {} : { patienceMs: options.databasePatienceMs }),
  });

  function evaluate(
    samples: readonly SignalSample[],
    at: number,
    targets: readonly TargetReport[] = [],
  ): void {
    const startedAt = now();
    const [logs, alerts] = [state.queue.take(), state.alerts.take()];
    const collected = { at, samples, logs, alerts, changes: state.changes.recent(at), targets };
    const run = runPipeline(collected, memory, topology);
    recordRun(run, templates.size, (now() - startedAt) / 1_000);
    remember(state.history, run.detected.detections);
    state.latest = run;
    for (const { level, text } of run.reported.announcements) logger[level](text);
    const { touched } = run.correlated;
    store.note(
      run.reported.incidents.filter(({ id }) => touched.has(id)),
      takeChanged(memory.parse),
    );
    // Not awaited: a slow database must not delay the next look.
    void store.flush();
  }

  const { TRIOPS_VERSION: version, TRIOPS_COMMIT: commit } = config;
  const token = credentialsOf(config);
  const app = createApp({ state, now, logger, registry, version, commit, token });
  let collecting = { stop: async () => {} };
  const { HOST: host, PORT: port } = config;
  const listening = await listen(app, {
    host,
    port,
    logger,
    onShutdown: [async () => collecting.stop(), async () => store.close()],
  });
  if (options.isCollecting ?? true) {
    const source = sourceOf(config, listening.url);
    logger.info(
      `collecting ${signals.length} signals every ${DEFAULT_INTERVAL_MS / 1_000} s by ${source.name}`,
    );
    collecting = startCollecting({
      source,
      everyMs: DEFAULT_INTERVAL_MS,
      onSamples: (samples) => evaluate(samples, samples[0]?.at ?? now(), source.targets?.()),
      onFailure: (error) => logger.error({ error }, 'an evaluation failed'),
    });
  }
  return { ...listening, evaluate };
}

function sourceOf(config: AiopsConfig, ownUrl: string): SignalSource {
  return chooseSource({
    signals,
    fetchText,
    prometheusUrl: config.PROMETHEUS_URL,
    targets: [
      { job: 'flights-api', url: config.FLIGHTS_API_URL },
      { job: 'model-server', url: config.MODEL_SERVER_URL },
      { job: 'replay', url: config.REPLAY_URL },
      { job: 'aiops', url: ownUrl },
    ],
  });
}
