/**
 * One board as a process of its own, so that its CPU time and memory are its alone.
 *
 *   board.js VARIANT DATABASE_URL STANDINS_URL → sends its address, then its usage whenever it is asked
 */
import { join } from 'node:path';
import { startFlightsApi } from 'devops-demo/service';
import { openDatabase } from 'service-chassis';
import { answerUsage } from './usage.js';
import { observedAs } from './variants.js';
import type { Variant } from './variants.js';

/** Six boards share one small database, which takes 40. */
const CONNECTIONS = 5;

const [variant = 'bare', databaseUrl = '', standInsUrl = ''] = process.argv.slice(2);
const observed = observedAs(variant as Variant, `${standInsUrl}/v1/logs`);
const migrationsDir = join(import.meta.dirname, '..', '..', '..', 'migrations');
const pool = await openDatabase({
  url: databaseUrl,
  schema: 'board',
  migrationsDir,
  logger: observed.logger,
  connections: CONNECTIONS,
});
const { url } = await startFlightsApi({
  ...observed,
  host: '127.0.0.1',
  port: 0,
  version: 'bench',
  commit: 'bench',
  modelServerUrl: standInsUrl,
  // A busy machine must not open the circuit: a base rate is other work than a prediction.
  modelLimits: { tryTimeoutMs: 5_000 },
  pool,
  token: undefined,
  faultsEnabled: false,
  bundle: { manifest: { kind: 'absent' }, files: [], manifestRequired: false },
});

answerUsage();
process.send?.(url);
