/** A small service for tests, with its log lines kept. */
import type { Router } from 'express';
import type { Logger } from 'pino';
import { createApi, createFaults, createLogger, createMetrics, createService, listen } from '../src/index.js';
import type { Credentials, Listening, ServiceOptions } from '../src/index.js';
import type { Patience } from '../src/listen.js';

export const TOKEN = 'a-test-token-of-enough-length';

export interface TestService extends Listening {
  /** Every log line so far, parsed. */
  lines: Record<string, unknown>[];
  logger: Logger;
}

export async function startTestService(
  routes: (router: Router) => void,
  options: Partial<ServiceOptions> & {
    faultsEnabled?: boolean;
    token?: Credentials;
    patience?: Patience;
  } = {},
): Promise<TestService> {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ service: 'test', stream, level: 'trace' });
  const faults = createFaults({
    service: 'test',
    enabled: options.faultsEnabled ?? true,
    token: 'token' in options ? options.token : TOKEN,
    logger,
  });
  const app = createService({
    name: 'test',
    logger,
    registry: createMetrics({ service: 'test' }),
    api: createApi({ title: 'test', version: '1' }),
    faults,
    ...options,
    routes: (router) => {
      router.get(
        '/v1/suffering',
        faults.middleware,
        (_request, response) => void response.json({ ok: true }),
      );
      routes(router);
    },
  });
  const listening = await listen(app, {
    host: '127.0.0.1',
    port: 0,
    logger,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  return { ...listening, lines, logger };
}
