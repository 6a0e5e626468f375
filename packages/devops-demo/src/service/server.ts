/**
 * The departures board as a running service: puts the parts together and listens.
 */
import type pg from 'pg';
import type { Registry } from 'prom-client';
import { createFaults, createService, listen } from 'service-chassis';
import type { Credentials, Listening, ServiceOptions } from 'service-chassis';
import { readTested } from '../delivery/ci-report/store.js';
import { watchTraffic } from '../delivery/metrics.js';
import { deliver, deliveryReport } from '../delivery/pipeline.js';
import type { DeliveryFacts, DeliveryReport } from '../delivery/pipeline.js';
import { openRecords } from '../delivery/records/store.js';
import { watchReadiness } from '../delivery/readiness.js';
import { readAirports } from './airports/store.js';
import { describeBoard } from './api.js';
import { createAskModel } from './ask-model.js';
import type { ModelLimits } from './ask-model.js';
import { createBoardMetrics } from './metrics.js';
import { requestPrediction } from './model-client.js';
import { createRegistration } from './registration.js';
import { boardRoutes } from './routes.js';
import { createStore } from './store.js';
import { keepTally } from './tally.js';

/** Far more than a departure or an outcome needs. */
const BODY_LIMIT = '16kb';
/** The base rate changes slowly; counting more often than this would only cost. */
const BASE_RATE_AGE_MS = 2_000;

const clock = () => ({ now: new Date(), uptimeSeconds: process.uptime() });

export interface FlightsApiOptions {
  host: string;
  port: number;
  version: string;
  commit: string;
  modelServerUrl: string;
  /** Opened and migrated; closed with the service. */
  pool: pg.Pool;
  logger: ServiceOptions['logger'];
  registry: Registry;
  token: Credentials;
  faultsEnabled: boolean;
  bundle: Pick<DeliveryFacts, 'manifest' | 'files' | 'manifestRequired'>;
  /** Where the delivery's records are. Undefined: none are kept. */
  stateDir?: string | undefined;
  /** The release that this instance is part of. */
  release?: () => Pick<DeliveryFacts, 'release' | 'abandoned'>;
  /** Other limits than usual, for tests. */
  modelLimits?: Partial<ModelLimits>;
  /** Another way to observe requests than usual, for the benchmark of its cost. */
  observe?: ServiceOptions['observe'];
}

export async function startFlightsApi(options: FlightsApiOptions): Promise<Listening> {
  const { logger, registry, pool, version, commit } = options;
  const name = 'flights-api';
  const airports = readAirports();
  const store = createStore(pool);
  const metrics = createBoardMetrics(registry);
  const askModel = createAskModel({
    request: async (departure, signal) => requestPrediction(options.modelServerUrl, departure, signal),
    metrics,
    logger,
    limits: options.modelLimits ?? {},
  });
  const tally = keepTally(
    async (cursor) => store.tallySince(cursor),
    () => performance.now(),
  );
  const registration = createRegistration({
    store,
    askModel,
    tally: () => tally.recent(BASE_RATE_AGE_MS),
    onRegistered({ flightId, risk }) {
      metrics.riskAnswer(risk.source);
      if (risk.degraded) logger.warn({ 'flight.id': flightId }, `risk is a base rate: ${risk.because}`);
    },
  });
  const faults = createFaults({
    service: name,
    enabled: options.faultsEnabled,
    token: options.token,
    logger,
  });
  const traffic = watchTraffic(registry);
  const readiness = watchReadiness(async () => store.answers(), clock);
  const migrations = await store.migrations();
  const records = openRecords({
    stateDir: options.stateDir,
    registry,
    warn: (sentence) => logger.warn(sentence),
  });

  async function delivery(): Promise<DeliveryReport> {
    await readiness.check().catch(() => undefined);
    const deployment = { migrations, readySince: readiness.since(), seconds: readiness.seconds() };
    const tested = testedCommit(options);
    const facts = {
      ...options.bundle,
      tested,
      deployment,
      traffic: await traffic.window(),
      ...options.release?.(),
    };
    return deliveryReport(deliver(facts), new Date(), tested);
  }

  const app = createService({
    name,
    version,
    commit,
    logger,
    registry,
    api: describeBoard(version, airports),
    faults,
    bodyLimit: BODY_LIMIT,
    readiness: { database: async () => readiness.check() },
    ...(options.observe === undefined ? {} : { observe: options.observe }),
    routes: boardRoutes({
      airports,
      registration,
      store,
      tally,
      delivery,
      records,
      fault: faults.middleware,
    }),
  });
  const { host, port } = options;
  const onShutdown = [() => traffic.stop(), async () => records.stop(), async () => pool.end()];
  await readiness.check().catch(() => undefined);
  return listen(app, { host, port, logger, onShutdown });
}

/** Read anew each time: the tests may end after the start. */
function testedCommit({ stateDir, bundle }: FlightsApiOptions): DeliveryFacts['tested'] {
  if (stateDir === undefined || bundle.manifest.kind !== 'manifest') return undefined;
  return readTested(stateDir, bundle.manifest.manifest.commit);
}
