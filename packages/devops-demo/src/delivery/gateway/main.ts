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
import { messageOf } from 'service-chassis/reason-of';
import { runGateway } from './run/server.js';

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
try {
  const running = await runGateway({
    host: config.HOST,
    port: config.PORT,
    adminPort: config.GATEWAY_ADMIN_PORT,
    token: config.TRIOPS_TOKEN,
    stateFile: config.GATEWAY_STATE,
    first: config.GATEWAY_FIRST,
    logger,
    registry: createMetrics({ service: 'gateway' }),
  });
  closeOnSignal(running, logger);
} catch (error) {
  logger.fatal({ error }, `cannot start: ${messageOf(error)}`);
  await shutdownLogs();
  process.exit(1);
}
