/**
 * Starts the embedded gateway from its environment. It remembers its backends, so that a restart needs nobody.
 */
import {
  closeOnSignal,
  commonConfig,
  createLogger,
  createMetrics,
  readConfig,
  shutdownLogs,
} from 'service-chassis';
import { z } from 'zod';
import { readJson, writeJson } from '../json-file/store.js';
import { startAdmin } from './admin/server.js';
import { backendsSchema } from './embedded.js';
import { countAnswers } from './metrics.js';
import { startGateway } from './server.js';

const config = readConfig(
  commonConfig.extend({
    PORT: commonConfig.shape.PORT.default(8081),
    GATEWAY_ADMIN_PORT: z.coerce.number().int().min(0).max(65535).default(8085),
    /** Where the backends are kept. */
    GATEWAY_STATE: z.string().default('.triops/devops/gateway.json'),
    /** The first backend, when none are kept. */
    GATEWAY_FIRST: z.url().optional(),
  }),
);

const logger = createLogger({ service: 'gateway', level: config.LOG_LEVEL, otlpUrl: config.OTLP_LOGS_URL });
const registry = createMetrics({ service: 'gateway' });
const first = config.GATEWAY_FIRST;
const kept =
  readJson(config.GATEWAY_STATE) ?? (first === undefined ? [] : [{ name: 'blue', url: first, weight: 100 }]);

try {
  const onAnswer = countAnswers(registry);
  const gateway = await startGateway({ host: config.HOST, port: config.PORT, onAnswer });
  const backends = backendsSchema.parse(kept);
  if (backends.length > 0) await gateway.setBackends(backends);
  const admin = await startAdmin({
    gateway,
    port: config.GATEWAY_ADMIN_PORT,
    token: config.TRIOPS_TOKEN,
    logger,
    registry,
    keep: (next) => writeJson(config.GATEWAY_STATE, next),
  });
  logger.info(`gateway on ${gateway.url}`);
  closeOnSignal({ close: async () => void (await Promise.all([gateway.close(), admin.close()])) }, logger);
} catch (error) {
  logger.fatal({ error }, `cannot start: ${error instanceof Error ? error.message : String(error)}`);
  await shutdownLogs();
  process.exit(1);
}
