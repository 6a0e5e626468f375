/**
 * Starts aiops-demo: `node dist/main.js`, set up by environment variables.
 *
 * It ships its own log lines nowhere, whatever OTLP_LOGS_URL says: that is usually its own address, and telemetry about
 * telemetry would never end.
 */
import { closeOnSignal, ConfigError, createLogger, readConfig } from 'service-chassis';
import { aiopsConfig, startAiops } from './aiops.js';

async function main(): Promise<void> {
  const config = readConfig(aiopsConfig);
  const logger = createLogger({ service: 'aiops', version: config.TRIOPS_VERSION, level: config.LOG_LEVEL });
  closeOnSignal(await startAiops(config, { logger, now: Date.now }), logger);
}

main().catch((error: unknown) => {
  process.stderr.write(`aiops: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(error instanceof ConfigError ? 2 : 1);
});
