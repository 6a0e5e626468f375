/**
 * The whole system as a Swarm stack: `node scripts/stack.mjs up`, `node scripts/stack.mjs down`.
 *
 * `up` starts a swarm of this machine alone where there is none (it listens on loopback), makes the secrets once, deploys
 * packages/devops-demo/infrastructure/swarm/stack.yml and waits until every service runs. The images must be there: docker compose build.
 * `down` removes the stack, its secrets and its volumes, and leaves a swarm that `up` started.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const STACK = process.env.TRIOPS_STACK ?? 'triops';
const FILE = fileURLToPath(
  new URL('../packages/devops-demo/infrastructure/swarm/stack.yml', import.meta.url),
);
const LOOPBACK = '127.0.0.1';
/** Swarm has no order of starts: services begin again until what they need is there. */
const UP_WITHIN_MS = 300_000;
const ASK_EVERY_MS = 2_000;

const docker = (words, input) =>
  execFileSync('docker', words, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'inherit'] });
const quietly = (...words) => spawnSync('docker', words, { stdio: 'ignore' }).status === 0;
const pause = () => new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
const isSwarm = () => docker(['info', '--format', '{{.Swarm.LocalNodeState}}']).trim() === 'active';
const nodeId = () => docker(['info', '--format', '{{.Swarm.NodeID}}']).trim();
const STARTED_HERE = 'triops.started-by=scripts/stack.mjs';

function makeSecrets() {
  const random = () => randomBytes(24).toString('base64url');
  if (quietly('secret', 'inspect', 'triops-token')) return;
  const password = random();
  const secrets = {
    'postgres-password': password,
    'database-url': `postgresql://triops:${password}@postgres:5432/triops`,
    token: random(),
  };
  for (const [name, value] of Object.entries(secrets))
    docker(['secret', 'create', `triops-${name}`, '-'], value);
}

/** Services that do not run as they should; a task that ends by itself needs no running instance. */
function waitingFor() {
  const rows = docker(['stack', 'services', STACK, '--format', '{{.Name}} {{.Replicas}}']).trim().split('\n');
  return rows
    .map((row) => row.split(' '))
    .filter(
      ([name, replicas]) =>
        ![`${STACK}_train`, `${STACK}_deploy`].includes(name) &&
        replicas.split('/')[0] !== replicas.split('/')[1],
    )
    .map(([name]) => name);
}

async function up() {
  if (!isSwarm()) {
    docker(['swarm', 'init', '--advertise-addr', LOOPBACK, '--listen-addr', `${LOOPBACK}:2377`]);
    docker(['swarm', 'update', '--task-history-limit', '1']);
    docker(['node', 'update', '--label-add', STARTED_HERE, nodeId()]);
  }
  makeSecrets();
  docker(['stack', 'deploy', '--detach', '--resolve-image', 'never', '-c', FILE, STACK]);
  const startedAt = Date.now();
  for (;;) {
    const missing = waitingFor();
    if (missing.length === 0) break;
    if (Date.now() - startedAt > UP_WITHIN_MS)
      throw new Error(`not running after 5 minutes: ${missing.join(', ')}`);
    await pause();
  }
  console.log(
    `the stack ${STACK} runs after ${Math.round((Date.now() - startedAt) / 1_000)} s; open a port on purpose with`,
  );
  console.log(
    `  docker service update --publish-add mode=host,published=8080,target=8080 ${STACK}_control-room`,
  );
}

async function down() {
  if (!isSwarm()) return;
  docker(['stack', 'rm', STACK]);
  while (docker(['ps', '-aq', '--filter', `label=com.docker.stack.namespace=${STACK}`]).trim() !== '')
    await pause();
  for (const name of ['postgres-password', 'database-url', 'token'])
    quietly('secret', 'rm', `triops-${name}`);
  const volumes = docker([
    'volume',
    'ls',
    '-q',
    '--filter',
    `label=com.docker.stack.namespace=${STACK}`,
  ]).trim();
  if (volumes !== '') quietly('volume', 'rm', ...volumes.split('\n'));
  const started = docker(['node', 'inspect', nodeId(), '--format', '{{json .Spec.Labels}}']).includes(
    'scripts/stack.mjs',
  );
  if (!started) return;
  docker(['swarm', 'leave', '--force']);
  quietly('network', 'rm', 'docker_gwbridge');
}

const command = { up, down }[process.argv[2]];
if (command === undefined) {
  console.error('usage: node scripts/stack.mjs up | down');
  process.exitCode = 2;
} else {
  await command();
}
