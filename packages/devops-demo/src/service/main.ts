/**
 * Starts the departures board from its environment.
 *
 * The bundle is verified before anything else of it is loaded: a version that is not what was built does not start.
 */
import { join } from 'node:path';
import { closeOnSignal, commonConfig, ConfigError, createLogger, createMetrics } from 'service-chassis';
import { credentialsOf, openDatabase, readConfig, shutdownLogs } from 'service-chassis';
import type { ServiceOptions } from 'service-chassis';
import { z } from 'zod';
import { messageOf } from 'service-chassis/reason-of';
import { build } from '../delivery/build.js';
import { stateDirOf } from '../delivery/state-dir.js';
import { releaseIn } from '../delivery/release/store.js';
import { readBundle, readPackage } from '../delivery/store.js';
import { verify } from '../delivery/verify.js';

const PACKAGE_DIR = join(import.meta.dirname, '..', '..');

const settings = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(8081),
  DATABASE_URL: z.string({ error: 'set it to postgresql://user:password@host:port/database' }),
  MODEL_SERVER_URL: z.url().default('http://127.0.0.1:8082'),
  /** The release controller's state. */
  DELIVERY_STATE: z.string().optional(),
  NODE_ENV: z.string().default('development'),
});

async function main(): Promise<void> {
  const config = readConfig(settings);
  const service = 'flights-api';
  const logger = createLogger({ service, level: config.LOG_LEVEL, otlpUrl: config.OTLP_LOGS_URL });
  try {
    await start(config, logger);
  } catch (error) {
    logger.fatal({ error }, `cannot start: ${messageOf(error)}`);
    await shutdownLogs();
    process.exit(1);
  }
}

async function start(config: z.infer<typeof settings>, logger: ServiceOptions['logger']): Promise<void> {
  const manifestRequired = config.NODE_ENV === 'production';
  const bundle = { ...readBundle(PACKAGE_DIR), manifestRequired };
  const verified = verify(build(bundle.manifest), bundle.files, { required: manifestRequired });
  if (verified.state === 'failed') throw new Error(`the bundle was refused: ${verified.because}`);
  logger.info(`bundle: ${verified.because}`);

  const { version } = readPackage(PACKAGE_DIR);
  const built = bundle.manifest.kind === 'manifest' ? bundle.manifest.manifest.commit : 'unknown';
  const commit = config.TRIOPS_COMMIT === 'unknown' ? built : config.TRIOPS_COMMIT;
  const pool = await openDatabase({
    url: config.DATABASE_URL,
    schema: 'board',
    migrationsDir: join(PACKAGE_DIR, 'migrations'),
    logger,
  });
  const { startFlightsApi } = await import('./server.js');
  const listening = await startFlightsApi({
    host: config.HOST,
    port: config.PORT,
    version,
    commit,
    modelServerUrl: config.MODEL_SERVER_URL,
    pool,
    logger,
    registry: createMetrics({ service: 'flights-api', version, commit }),
    token: credentialsOf(config),
    faultsEnabled: config.TRIOPS_FAULTS === 'on',
    bundle,
    stateDir: stateDirOf(process.env),
    release: () => (config.DELIVERY_STATE === undefined ? {} : releaseIn(config.DELIVERY_STATE)),
  });
  process.off('disconnect', endAtOnce);
  closeOnSignal(listening, logger);
}

/** Until it serves there is nothing to close: a parent that is gone meanwhile ends it. */
const endAtOnce = () => process.exit(1);
process.once('disconnect', endAtOnce);

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
