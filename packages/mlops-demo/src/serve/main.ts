/** Starts the model server: `mlops serve`, or `node dist/serve/main.js`; set up by environment variables. */
import { closeOnSignal, commonConfig, ConfigError, createLogger, credentialsOf } from 'service-chassis';
import { readConfig } from 'service-chassis';
import { reasonOf } from 'service-chassis/reason-of';
import { z } from 'zod';
import { MOST_DATA_DAYS } from '../retrain.js';
import { recoverRegistry } from '../registry/state/store.js';
import { startModelServer } from './server.js';

const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(8082),
  MODELS_DIR: z.string().default('.triops/mlops'),
  /** Unset: nothing is learned while serving. */
  FLIGHTS_API_URL: z.url().optional(),
  /** `on`: challengers are trained, tried and promoted unattended. */
  RETRAIN: z.enum(['on', 'off']).default('on'),
  /** The schedule: how many days old the data of the model in production may become; 0: only what the monitor sees trains. */
  RETRAIN_AFTER_DAYS: z.coerce.number().int().min(0).default(MOST_DATA_DAYS),
  /** Insists on one tfjs backend instead of the best that works. */
  TRIOPS_TFJS_BACKEND: z.enum(['tensorflow', 'wasm', 'cpu']).optional(),
});

async function main(): Promise<void> {
  const settings = readConfig(config);
  const logger = createLogger({
    service: 'model-server',
    version: settings.TRIOPS_VERSION,
    level: settings.LOG_LEVEL,
    otlpUrl: settings.OTLP_LOGS_URL,
  });
  // What a killed command has left half done; a full disk does not keep a model from being served.
  await recoverRegistry(settings.MODELS_DIR).catch((error: unknown) => {
    logger.warn(`registry: ${reasonOf(error)}`);
  });
  const server = await startModelServer({
    host: settings.HOST,
    port: settings.PORT,
    modelsDir: settings.MODELS_DIR,
    flightsApiUrl: settings.FLIGHTS_API_URL,
    logger,
    version: settings.TRIOPS_VERSION,
    commit: settings.TRIOPS_COMMIT,
    token: credentialsOf(settings),
    faultsEnabled: settings.TRIOPS_FAULTS === 'on',
    backend: settings.TRIOPS_TFJS_BACKEND,
    retrains: settings.RETRAIN === 'on',
    mostDataDays: settings.RETRAIN_AFTER_DAYS,
  });
  closeOnSignal(server, logger);
}

main().catch((error: unknown) => {
  process.stderr.write(`model-server: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
