/** `devops gateway`: the embedded gateway, and behind it this package as the first version. Ctrl-C ends all of it. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../delivery/artifact/store.js';
import { writeEnvironment } from '../../delivery/environment/store.js';
import type { Environment } from '../../delivery/environment/store.js';
import type { Gateway } from '../../delivery/gateway.js';
import { embeddedGateway } from '../../delivery/gateway/embedded.js';
import { SLOTS } from '../../delivery/instances.js';
import { createInstances } from '../../delivery/instances/process.js';
import type { Instances } from '../../delivery/instances/process.js';
import { stateDirOf } from '../../delivery/state-dir.js';

export interface GatewayCommandOptions {
  embedded?: boolean | undefined;
  state?: string | undefined;
}

const GATEWAY = join(import.meta.dirname, '../../delivery/gateway/main.js');
const DEFAULT_PORT = '8081';
const DEFAULT_ADMIN_PORT = '8085';
const POLL_MS = 50;
const PATIENCE_MS = 10_000;
const TOKEN_BYTES = 24;

export async function gatewayCommand(
  packageDir: string,
  { embedded, state = stateDirOf(process.env) }: GatewayCommandOptions,
): Promise<number> {
  const stateDir = resolve(state);
  const database = embedded === true ? await startDatabase(stateDir) : undefined;
  const environment = environmentOf(database?.url ?? process.env['DATABASE_URL'] ?? '');
  if (environment.DATABASE_URL === '') {
    console.error('devops gateway: set DATABASE_URL, or say --embedded');
    return 2;
  }
  const instances = createInstances({
    stateDir,
    artifactsDir: join(stateDir, 'artifacts'),
    env: environment,
  });
  const child = forkGateway(stateDir, environment);
  const gone = once(child, 'exit');
  const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), gone]);
  try {
    const gateway = embeddedGateway({
      adminUrl: environment.GATEWAY_ADMIN,
      token: environment.TRIOPS_TOKEN ?? '',
      fetch,
    });
    await untilItAnswers(gateway, child);
    writeEnvironment(stateDir, environment);
    await bringUp(gateway, instances, () => bundle(packageDir, join(stateDir, 'artifacts')).digest);
    console.log('ready: devops release brings the next version');
    await asked;
    return 0;
  } catch (error) {
    console.error(`devops gateway: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    child.kill('SIGTERM');
    await gone;
    for (const slot of SLOTS) await instances.stop(slot);
    await database?.stop();
  }
}

/** The versions that the gateway remembers run again; without any, this package is the first. */
async function bringUp(gateway: Gateway, instances: Instances, digestOfThis: () => string): Promise<void> {
  const known = [...(await gateway.backends())].sort((a, b) => b.weight - a.weight)[0];
  const slot = SLOTS.find((name) => name === known?.name) ?? SLOTS[0];
  const digest = instances.record(slot)?.digest ?? digestOfThis();
  const { url } = await instances.start(slot, digest);
  await gateway.setBackends([{ name: slot, url, weight: 100 }]);
}

async function startDatabase(stateDir: string) {
  const { startEmbeddedPostgres } = await import('service-chassis/embedded-postgres');
  return startEmbeddedPostgres({ dataDir: join(stateDir, 'postgres') });
}

function environmentOf(databaseUrl: string): Environment {
  const adminPort = process.env['GATEWAY_ADMIN_PORT'] ?? DEFAULT_ADMIN_PORT;
  const passed = ['MODEL_SERVER_URL', 'OTLP_LOGS_URL', 'TRIOPS_FAULTS'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    DATABASE_URL: databaseUrl,
    GATEWAY_ADMIN: `http://127.0.0.1:${adminPort}`,
    TRIOPS_TOKEN: process.env['TRIOPS_TOKEN'] ?? randomBytes(TOKEN_BYTES).toString('hex'),
    ...(Object.fromEntries(passed) as Partial<Environment>),
  };
}

function forkGateway(stateDir: string, environment: Environment): ChildProcess {
  return fork(GATEWAY, {
    env: {
      ...process.env,
      TRIOPS_TOKEN: environment.TRIOPS_TOKEN,
      PORT: process.env['PORT'] ?? DEFAULT_PORT,
      GATEWAY_ADMIN_PORT: new URL(environment.GATEWAY_ADMIN).port,
      GATEWAY_STATE: join(stateDir, 'gateway.json'),
    },
    // Ctrl-C is for this process, which stops the parts in order.
    detached: process.platform !== 'win32',
    execArgv: [],
  });
}

async function untilItAnswers(gateway: Gateway, child: ChildProcess): Promise<void> {
  for (let waited = 0; child.exitCode === null; waited += POLL_MS) {
    const answers = await gateway.backends().then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (waited > PATIENCE_MS) break;
    await sleep(POLL_MS);
  }
  throw new Error('the gateway did not start');
}
