/**
 * `devops gateway`: the embedded gateway, and behind it this package as the first version. Ctrl-C ends all of it.
 *
 * Rule: each start begins with the version that is built here; `devops release` brings another while it runs.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createLogger, createMetrics, shutdownLogs } from 'service-chassis';
import { messageOf } from 'service-chassis/reason-of';
import { bundle } from '../../delivery/artifact/store.js';
import { writeEnvironment } from '../../delivery/environment/store.js';
import { runGateway } from '../../delivery/gateway/run/server.js';
import { SLOTS } from '../../delivery/instances.js';
import { claimFolder } from '../../delivery/instances/claim/store.js';
import type { Claim } from '../../delivery/instances/claim/store.js';
import { createInstances } from '../../delivery/instances/process.js';
import { placeOf } from '../../delivery/place/process.js';
import { aiopsAddress } from '../../delivery/release/records/aiops-client.js';
import { openReleaseRecords } from '../../delivery/release/records/store.js';
import { endLeft } from '../../delivery/release/unfinished/store.js';
import { goesOn } from '../../delivery/release/unfinished/process.js';
import { sweepState } from '../../delivery/sweep/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { WrongUsage } from '../wrong-usage.js';
import { environmentOf, portOf, withFix } from './settings.js';

export interface GatewayCommandOptions {
  embedded?: boolean | undefined;
  state?: string | undefined;
}

const DEFAULT_PORT = '8081';
const DEFAULT_ADMIN_PORT = '8085';
const TOKEN_BYTES = 24;
export async function gatewayCommand(
  packageDir: string,
  { embedded, state = stateDirOf(process.env) }: GatewayCommandOptions,
): Promise<number> {
  const stateDir = resolve(state);
  const stopped = untilStopped();
  let claim: Claim | undefined;
  let database: Awaited<ReturnType<typeof startDatabase>> | undefined;
  try {
    claim = claimFolder(stateDir);
    database = embedded === true ? await startDatabase(stateDir) : undefined;
    const databaseUrl = database?.url ?? process.env['DATABASE_URL'] ?? '';
    if (databaseUrl === '') {
      console.error('devops gateway: set DATABASE_URL, or say --embedded');
      return 2;
    }
    await serve(packageDir, stateDir, databaseUrl, claim, stopped);
    return 0;
  } catch (error) {
    console.error(`devops gateway: ${messageOf(error)}`);
    return error instanceof WrongUsage ? 2 : 1;
  } finally {
    await database?.stop();
    claim?.release();
    await shutdownLogs();
  }
}

async function serve(
  packageDir: string,
  stateDir: string,
  databaseUrl: string,
  claim: Claim,
  stopped: Promise<unknown>,
): Promise<void> {
  const token = process.env['TRIOPS_TOKEN'] ?? randomBytes(TOKEN_BYTES).toString('hex');
  const ports = {
    PORT: portOf(process.env, 'PORT', DEFAULT_PORT),
    GATEWAY_ADMIN_PORT: portOf(process.env, 'GATEWAY_ADMIN_PORT', DEFAULT_ADMIN_PORT),
  };
  const running = await runGateway({
    host: process.env['HOST'] ?? '127.0.0.1',
    port: ports.PORT,
    adminPort: ports.GATEWAY_ADMIN_PORT,
    token,
    stateFile: join(stateDir, 'gateway.json'),
    logger: createLogger({ service: 'gateway' }),
    registry: createMetrics({ service: 'gateway' }),
  }).catch((error: unknown) => {
    throw new Error(withFix(error, ports), { cause: error });
  });
  const { gateway } = running;
  const environment = environmentOf(process.env, databaseUrl, running.admin.url, token);
  const artifactsDir = join(stateDir, 'artifacts');
  const instances = createInstances({ stateDir, artifactsDir, env: environment });
  try {
    sweepState(stateDir);
    claim.own({ url: gateway.url, adminUrl: running.admin.url });
    writeEnvironment(stateDir, environment);
    const records = openReleaseRecords(stateDir, packageDir, aiopsAddress(environment));
    if (!(await goesOn({ stateDir, instances, records, gateway: placeOf(stateDir, environment).gateway }))) {
      // It has nothing left to go on with.
      await endLeft(stateDir, records);
      const digest = bundle(packageDir, artifactsDir).digest;
      const [slot, other] = SLOTS;
      const { url, version } = await instances.start(slot, digest);
      await gateway.setBackends([{ name: slot, url, weight: 100 }]);
      await instances.stop(other);
      console.log(`${version}, as it is built here, serves as ${slot}`);
    }
    console.log('ready: devops release brings the next version');
    await stopped;
  } finally {
    await running.close();
    for (const slot of SLOTS) await instances.stop(slot);
  }
}

/** Asked to stop, or forked by a program that is gone. */
async function untilStopped(): Promise<unknown> {
  const signs = [once(process, 'SIGINT'), once(process, 'SIGTERM')];
  return Promise.race(process.connected ? [...signs, once(process, 'disconnect')] : signs);
}

async function startDatabase(stateDir: string) {
  const { startEmbeddedPostgres } = await import('service-chassis/embedded-postgres');
  return startEmbeddedPostgres({ dataDir: join(stateDir, 'postgres') });
}
