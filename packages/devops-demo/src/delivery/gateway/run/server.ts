/**
 * The embedded gateway whole: its public side, its admin API, and what it remembers over a restart.
 *
 * Rule: all of it or nothing. A public side that nobody can steer is not left behind.
 */
import type { Registry } from 'prom-client';
import type { Listening, ServiceOptions } from 'service-chassis';
import type { Backend } from '../../gateway.js';
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
  const { host, port, logger, registry } = options;
  const gateway = await startGateway({
    host,
    port,
    onAnswer: countAnswers(registry),
    onLeaseEnd: (left) => logger.warn(`nobody renewed the weights: ${backendWords(left)}`),
  });
  try {
    const admin = await makeSteerable(gateway, options);
    logger.info(`gateway on ${gateway.url}`);
    return { gateway, admin, close: async () => void (await Promise.all([gateway.close(), admin.close()])) };
  } catch (error) {
    await gateway.close();
    throw error;
  }
}

async function makeSteerable(gateway: GatewayServer, options: RunOptions): Promise<Listening> {
  const { stateFile, first, adminPort: port, token, logger, registry } = options;
  const kept =
    readJson(stateFile) ?? (first === undefined ? [] : [{ name: 'blue', url: first, weight: 100 }]);
  const backends = backendsSchema.parse(kept);
  if (backends.length > 0) await gateway.setBackends(backends);
  const keep = (next: readonly Backend[]) => writeJson(stateFile, next);
  return startAdmin({ gateway, port, token, logger, registry, keep });
}
