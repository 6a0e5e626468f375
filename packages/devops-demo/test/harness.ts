/** The departures board for tests: the real service on a free port, on a database of its own. */
import { join } from 'node:path';
import pg from 'pg';
import { createLogger, createMetrics, openDatabase } from 'service-chassis';
import { inject } from 'vitest';
import { startFlightsApi } from '../src/service/server.js';
import type { FlightsApiOptions } from '../src/service/server.js';
import type { Departure } from '../src/service/flight.js';

export const TOKEN = 'a-test-token-of-enough-length';
export const PACKAGE_DIR = join(import.meta.dirname, '..');
let databases = 0;

/** A new, empty database; the URL to reach it. */
export async function freshDatabase(serverUrl = inject('postgresUrl')): Promise<string> {
  const name = `board_${process.pid}_${Date.now()}_${databases++}`;
  const client = new pg.Client(serverUrl);
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return serverUrl.replace(/\/postgres$/, `/${name}`);
}

export interface Answer<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface TestBoard {
  url: string;
  pool: pg.Pool;
  /** Every log line so far, parsed. */
  lines: Record<string, unknown>[];
  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>>;
  send(method: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  depart(change?: Partial<Record<keyof Departure, unknown>>): Promise<Answer>;
  /** Value of a metric series, for example `flights_api_circuit_state`. */
  metric(series: string): Promise<number | undefined>;
  close(): Promise<void>;
}

export const departure = (change: Partial<Record<keyof Departure, unknown>> = {}) => ({
  flightId: 'ATL-SAV-20010201T0815',
  origin: 'ATL',
  destination: 'SAV',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 215,
  ...change,
});

/** Port 9 is the discard port: nobody answers there. */
export const NOBODY = 'http://127.0.0.1:9';

export async function startBoard(
  options: Partial<FlightsApiOptions> & { databaseUrl?: string } = {},
): Promise<TestBoard> {
  const lines: Record<string, unknown>[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
  const logger = createLogger({ service: 'flights-api', stream, level: 'debug' });
  const url = options.databaseUrl ?? (await freshDatabase());
  const migrationsDir = join(PACKAGE_DIR, 'migrations');
  const pool = await openDatabase({ url, schema: 'board', migrationsDir, logger });
  const listening = await startFlightsApi({
    host: '127.0.0.1',
    port: 0,
    version: '0.1.0',
    commit: 'unknown',
    modelServerUrl: NOBODY,
    // Patient, so that a busy machine is not taken for a slow model server.
    modelLimits: { tryTimeoutMs: 5_000 },
    pool,
    logger,
    registry: createMetrics({ service: 'flights-api' }),
    token: TOKEN,
    faultsEnabled: true,
    bundle: { manifest: { kind: 'absent' }, files: [], manifestRequired: false },
    ...options,
  });
  return { ...client(listening.url), pool, lines, close: async () => listening.close() };
}

/** Speaks to a board wherever it runs. */
export function client(url: string) {
  async function answerOf<Body>(response: Response): Promise<Answer<Body>> {
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  }
  async function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
    return answerOf<Record<string, unknown>>(
      await fetch(`${url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  }
  return {
    url,
    send,
    get: async <Body = Record<string, unknown>>(path: string) => answerOf<Body>(await fetch(`${url}${path}`)),
    depart: async (change: Partial<Record<keyof Departure, unknown>> = {}) =>
      send('POST', '/v1/flights', departure(change)),
    async metric(series: string) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
      return line === undefined ? undefined : Number(line.slice(series.length + 1));
    },
  };
}
