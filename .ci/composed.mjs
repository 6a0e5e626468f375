/**
 * A composed system for tests: a project of its own on ports that are free, and what tests ask of it.
 *
 * It needs a Docker engine with Compose. `down()` removes its own project only.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Of the test file; the project of a run that was killed is taken down by the next. */
const testName = basename(process.argv[1] ?? 'none').split('.')[0];
/** Ports that are free now, below those that systems give to outgoing connections. */
export const ports = await freePorts([
  'CONTROL_ROOM',
  'FLIGHTS_API',
  'MODEL_SERVER',
  'AIOPS',
  'PROMETHEUS',
  'ALERTMANAGER',
]);
export const environment = {
  ...process.env,
  TRIOPS_FAULTS: 'on',
  COMPOSE_PROJECT_NAME: `triops-test-${testName}`,
  ...Object.fromEntries(Object.entries(ports).map(([part, port]) => [`${part}_PORT`, String(port)])),
};
export const BOARD = `http://127.0.0.1:${ports.FLIGHTS_API}`;
export const MODEL_SERVER = `http://127.0.0.1:${ports.MODEL_SERVER}`;
export const AIOPS = `http://127.0.0.1:${ports.AIOPS}`;
export const ROOM = `http://127.0.0.1:${ports.CONTROL_ROOM}`;
export const PROMETHEUS = `http://127.0.0.1:${ports.PROMETHEUS}`;

/** Compose tells each container's progress on standard error; an error message would quote all of it. */
const QUIET = ['ignore', 'pipe', 'ignore'];
export const docker = (...args) =>
  execFileSync('docker', args, {
    cwd: root,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64e6,
    stdio: QUIET,
  });
export const compose = (...args) => docker('compose', ...args);
export const getJson = async (url) => (await fetch(url, { signal: AbortSignal.timeout(5_000) })).json();
export const containers = () => JSON.parse(docker('inspect', ...compose('ps', '-q').trim().split('\n')));
export const nameOf = (container) => container.Config.Labels['com.docker.compose.service'];

export function up() {
  const startedAt = Date.now();
  try {
    compose('up', '-d', '--wait', '--wait-timeout', '300');
  } catch (error) {
    process.stdout.write(compose('ps', '-a') + compose('logs', '--no-color', '--tail', '15'));
    throw new Error('docker compose up failed: see the containers and their last words above', {
      cause: error,
    });
  }
  return Math.round((Date.now() - startedAt) / 1_000);
}

/** Asks again every second until `question` answers something true. */
export async function eventually(question, seconds, what) {
  const deadline = Date.now() + seconds * 1_000;
  let last;
  for (;;) {
    try {
      last = await question();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) assert.fail(`${what}: not within ${seconds} s; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** Also what an earlier run of the same project left. */
export function down() {
  compose('down', '-v', '--remove-orphans');
}

async function freePorts(parts) {
  const found = {};
  for (let port = 20_000 + (process.pid % 10_000); Object.keys(found).length < parts.length; port += 1) {
    if (await isFree(port)) found[parts[Object.keys(found).length]] = port;
  }
  return found;
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
