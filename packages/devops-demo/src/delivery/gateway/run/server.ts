/** The embedded gateway whole: its public side, its admin API, and what it remembers over a restart. */
import type { Registry } from 'prom-client';
import type { Listening, ServiceOptions } from 'service-chassis';
import { readJson, writeJson } from '../../json-file/store.js';
import { backendWords, startAdmin } from '../admin/server.js';
import { backendsSchema } from '../embedded.js';
import { countAnswers } from '../metrics.js';
import { startGateway } from '../server.js';
import type { GatewayServer } from '../server.js';

export interface RunOptions {
  readonly host: string;
  readonly port: number;
  readonly adminPort: number;
  readonly token: string | undefined;
  /** Where the backends are kept. */
  readonly stateFile: string;
  /** The first backend, when none are kept. */
  readonly first?: string | undefined;
  readonly logger: ServiceOptions['logger'];
  readonly registry: Registry;
}

export interface RunningGateway {
  readonly gateway: GatewayServer;
  readonly admin: Listening;
  close(): Promise<void>;
}

export async function runGateway(options: RunOptions): Promise<RunningGateway> {
  const { host, port, stateFile, first, logger, registry } = options;
  const gateway = await startGateway({
    host,
    port,
    onAnswer: countAnswers(registry),
    onLeaseEnd: (left) => logger.warn(`nobody renewed the weights: ${backendWords(left)}`),
  });
  const kept =
    readJson(stateFile) ?? (first === undefined ? [] : [{ name: 'blue', url: first, weight: 100 }]);
  const backends = backendsSchema.parse(kept);
  if (backends.length > 0) await gateway.setBackends(backends);
  const admin = await startAdmin({
    gateway,
    port: options.adminPort,
    token: options.token,
    logger,
    registry,
    keep: (next) => writeJson(stateFile, next),
  });
  logger.info(`gateway on ${gateway.url}`);
  return { gateway, admin, close: async () => void (await Promise.all([gateway.close(), admin.close()])) };
}
