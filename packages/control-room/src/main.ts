/** Starts the control room: `node dist/main.js`, set up by environment variables. */
import { closeOnSignal, commonConfig, ConfigError, createLogger, readConfig } from 'service-chassis';
import { z } from 'zod';
import { messageOf } from 'service-chassis/reason-of';
import { startControlRoom } from './server.js';

const config = commonConfig.extend({
  PORT: commonConfig.shape.PORT.default(8080),
  FLIGHTS_API_URL: z.url().default('http://127.0.0.1:8081'),
  MODEL_SERVER_URL: z.url().default('http://127.0.0.1:8082'),
  AIOPS_URL: z.url().default('http://127.0.0.1:8083'),
  REPLAY_URL: z.url().default('http://127.0.0.1:8084'),
});

async function main(): Promise<void> {
  const settings = readConfig(config);
  const logger = createLogger({
    service: 'control-room',
    version: settings.TRIOPS_VERSION,
    level: settings.LOG_LEVEL,
    otlpUrl: settings.OTLP_LOGS_URL,
  });
  const room = await startControlRoom({
    host: settings.HOST,
    port: settings.PORT,
    urls: {
      'flights-api': settings.FLIGHTS_API_URL,
      'model-server': settings.MODEL_SERVER_URL,
      aiops: settings.AIOPS_URL,
      replay: settings.REPLAY_URL,
    },
    logger,
    version: settings.TRIOPS_VERSION,
    commit: settings.TRIOPS_COMMIT,
  });
  closeOnSignal(room, logger);
}

main().catch((error: unknown) => {
  process.stderr.write(`control-room: ${messageOf(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
