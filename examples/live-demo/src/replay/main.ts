/** Starts the replay as a service of its own: `node dist/replay/main.js`, set up by environment variables. */
import { fileURLToPath } from 'node:url';
import {
  closeOnSignal,
  commonConfig,
  ConfigError,
  createLogger,
  createMetrics,
  listen,
  openDatabase,
  readConfig,
} from 'service-chassis';
import { z } from 'zod';
import { messageOf } from 'service-chassis/reason-of';
import { replayMetrics } from './metrics.js';
import { recordedDays } from './recorded-days.js';
import { startReplay } from './replay.js';
import type { Replay } from './replay.js';
import { createReplayServer } from './server.js';
import { replayStatus } from './status.js';
import { positionStore } from './store.js';

const instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const replayConfig = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(8084),
  DATABASE_URL: z.string(),
  FLIGHTS_API_URL: z.url().default('http://127.0.0.1:8081'),
  /** The default model has learned until the end of January; the replay begins where it has not been. */
  REPLAY_START: instant.default(Date.parse('2001-02-01T12:00:00Z')),
  REPLAY_UNTIL: instant.default(Date.parse('2001-07-01T00:00:00Z')),
  /** Simulated seconds a second. At 60 an hour takes a minute: 12 to 22 departures a second in daytime. */
  REPLAY_SPEED: z.coerce.number().positive().max(100_000).default(60),
  REPLAY_SEED: z.coerce.number().int().default(1),
  /** Most events a second. Twice what speed 60 needs at its busiest, so that a missed minute is made up in a minute. */
  REPLAY_MAX_PER_SECOND: z.coerce.number().positive().max(2_000).default(100),
});

async function main(): Promise<void> {
  const config = readConfig(replayConfig);
  const logger = createLogger({
    service: 'replay',
    version: config.TRIOPS_VERSION,
    level: config.LOG_LEVEL,
    otlpUrl: config.OTLP_LOGS_URL,
  });
  const { REPLAY_START: startsAt, REPLAY_SPEED: speed, REPLAY_MAX_PER_SECOND: perSecond } = config;
  const beginning = {
    simulated: startsAt,
    speed,
    perSecond,
    flights: 0,
    outcomes: 0,
    pending: 0,
    behindMs: 0,
  };
  let replay: Replay | undefined;
  const status = () => replay?.status() ?? replayStatus({ ...beginning, finished: false, away: undefined });

  const registry = createMetrics({ service: 'replay', version: config.TRIOPS_VERSION });
  const metrics = replayMetrics(registry, () => Date.parse(status().simulatedTime));
  const app = createReplayServer({
    logger,
    registry,
    version: config.TRIOPS_VERSION,
    commit: config.TRIOPS_COMMIT,
    readiness: { replay: () => replay !== undefined || 'the replay has not begun' },
    status,
  });
  const pool = await openDatabase({
    url: config.DATABASE_URL,
    schema: 'replay',
    migrationsDir: fileURLToPath(new URL('../../migrations', import.meta.url)),
    logger,
    connections: 2,
  });
  const listening = await listen(app, {
    host: config.HOST,
    port: config.PORT,
    logger,
    onShutdown: [() => replay?.stop(), () => pool.end()],
  });
  closeOnSignal(listening, logger);

  replay = await startReplay({
    days: recordedDays(),
    store: positionStore(pool),
    boardUrl: config.FLIGHTS_API_URL,
    startsAt,
    until: config.REPLAY_UNTIL,
    speed,
    seed: config.REPLAY_SEED,
    perSecond,
    now: () => performance.now(),
    logger,
    onDelivery: (event, delivery) => metrics.record(event, delivery),
    onAway: () => metrics.recordAway(),
  });
  logger.info(`the replay has ${await replay.ended}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`replay: ${messageOf(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
