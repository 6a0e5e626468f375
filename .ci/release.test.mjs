/**
 * Releases in compose: a clean one and a flawed one, through HAProxy, judged from Prometheus, under load.
 *
 * Not part of `.ci/run`, which it would make some minutes longer: `node --test .ci/release.test.mjs`. It needs a Docker engine with
 * Compose, takes ports that are free, and removes its own project only. Prints what the controller says.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { after, before, test } from 'node:test';
import { BOARD, compose, down, environment, eventually, getJson, root, up } from './composed.mjs';

const DEVOPS = 'packages/devops-demo/bin/devops.js';
const devops = (...words) =>
  execFileSync(process.execPath, [DEVOPS, ...words], { cwd: root, encoding: 'utf8' }).trim();

before(() => {
  devops('build');
  down();
  compose('build', '--quiet');
  process.stdout.write(`first start, healthy after ${up()} s\n`);
});
after(() => {
  process.stdout.write(compose('ps', '-a'));
  down();
});

/** `docker compose run release`, under clients that register, land and read. */
async function releaseUnderLoad(...words) {
  const { startTraffic } = await import(`${root}packages/devops-demo/dist/bench/traffic.js`);
  const { seedRandom } = await import(`${root}packages/devops-demo/dist/bench/canary/seeded-random.js`);
  const random = seedRandom(2001);
  const prefix = `R${Date.now().toString(36)}`;
  const options = { url: BOARD, clients: 12, perSecond: 180, random: () => random.uniform(), prefix };
  const load = startTraffic(options);
  const began = Date.now();
  const child = spawn('docker', ['compose', 'run', '--rm', '-T', ...words], { cwd: root, env: environment });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  await load.stop();
  const seconds = Math.round((Date.now() - began) / 1_000);
  process.stdout.write(
    `${said}${load.requests} requests in ${seconds} s, failed: ${kindsOf(load.failures)}\n`,
  );
  return { code, said, load };
}

/** `0`, or `12 PUT 500, 1 GET socket hang up` */
function kindsOf(failures) {
  const counts = new Map();
  for (const failure of failures) {
    const kind = failure.replace(/ \S+: /, ' ');
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || '0';
}

const WINDOW = ['--window', '8', '--untested', 'the smoke test'];

test('a release goes through HAProxy to everybody, judged from Prometheus, and drops no request', async () => {
  const { code, said, load } = await releaseUnderLoad('release', ...WINDOW);
  assert.equal(code, 0);
  for (const step of [5, 10, 25, 50]) assert.match(said, new RegExp(`pass at ${step} %`));
  assert.match(said, /promoted +at 50 %: as good as the primary in all 9 checks/);
  assert.deepEqual(load.failures, []);
});

test('a flawed release is taken back at once, and only its own defect failed requests', async () => {
  const folder = devops('build', '--flaw', 'errors');
  const from = ['-v', `${folder}:/candidate:ro`, 'release', '--from', '/candidate'];
  const { code, said, load } = await releaseUnderLoad(...from, ...WINDOW);
  assert.equal(code, 1);
  assert.match(said, /rolled-back +at (?:5|10) %: .*(?:requests failed|never said by the primary)/);
  const dropped = load.failures.filter((failure) => !/^PUT .*: 500$/.test(failure));
  assert.deepEqual(dropped, []);
  assert.ok(load.failures.length < load.requests / 10, `${load.failures.length} of ${load.requests} failed`);
});

test('taken down and up again, the version that was released last serves', async () => {
  const { version, commit } = await getJson(`${BOARD}/version`);
  compose('down');
  up();
  assert.match(compose('logs', '--no-color', 'deploy'), /serves as green: it was released last/);
  await eventually(
    async () => (await getJson(`${BOARD}/version`)).version === version,
    30,
    'the same version',
  );
  assert.equal((await getJson(`${BOARD}/version`)).commit, commit);
});
