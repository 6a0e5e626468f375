/**
 * The compose smoke test: brings the whole system up on real parts and watches it work.
 *
 * Run by `.ci/run`, or by hand: `node --test .ci/compose.test.mjs`. It needs a Docker engine with Compose, takes
 * ports that are free, and ends with `docker compose down -v` of its own project only.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  AIOPS,
  BOARD,
  MODEL_SERVER,
  PROMETHEUS,
  ROOM,
  compose,
  containers,
  docker,
  down,
  environment,
  eventually,
  getJson,
  nameOf,
  root,
  up,
} from './composed.mjs';

const MEMORY_LIMIT_MB = 1_000;
const SERVICES = [
  'aiops',
  'alertmanager',
  'control-room',
  'flights-api',
  'flights-api-green',
  'gateway',
  'model-server',
  'postgres',
  'prometheus',
  'replay',
];
const replayed = async () => (await getJson(`${ROOM}/v1/room`)).replay.value?.flights ?? 0;

before(() => {
  mkdirSync(`${root}reports`, { recursive: true });
  down();
  compose('build', '--quiet');
  process.stdout.write(`first start, healthy after ${up()} s\n`);
});

after(() => {
  process.stdout.write(compose('ps', '-a'));
  down();
});

test('every service is healthy', () => {
  const running = containers().filter((container) => container.State.Running);
  assert.deepEqual(running.map(nameOf).sort(), SERVICES);
  for (const container of running) assert.equal(container.State.Health.Status, 'healthy', nameOf(container));
});

test('flights flow, and the board shows the risk of the model', async () => {
  await eventually(async () => (await replayed()) >= 50, 90, '50 flights replayed');
  // On a busy machine the first answers may come too late, and the board then rightly degrades.
  const answered = ({ risk }) => risk.source === 'model' && !risk.degraded;
  const latest = async () => (await getJson(`${BOARD}/v1/flights?limit=20`)).flights;
  await eventually(async () => (await latest()).some(answered), 60, 'a risk from the model');
});

test('Prometheus scrapes every service, and every rule is healthy', async () => {
  const targets = async () => (await getJson(`${PROMETHEUS}/api/v1/targets`)).data.activeTargets;
  await eventually(
    async () => (await targets()).every((target) => target.health === 'up'),
    60,
    'all targets up',
  );
  assert.equal((await targets()).length, 9);
  const rules = async () =>
    (await getJson(`${PROMETHEUS}/api/v1/rules`)).data.groups.flatMap((group) => group.rules);
  // A group is evaluated for the first time at some moment of its interval, 30 s for the burn rates.
  await eventually(
    async () => (await rules()).every(({ health }) => health !== 'unknown'),
    60,
    'every rule evaluated',
  );
  assert.ok((await rules()).length >= 26);
  for (const rule of await rules()) assert.equal(rule.health, 'ok', rule.name);
});

test('aiops judges signals that come from Prometheus, and clusters the log lines of the services', async () => {
  const measured = async () =>
    (await getJson(`${AIOPS}/v1/signals`)).signals.filter((signal) =>
      signal.points.some(([, value]) => value !== null),
    );
  await eventually(async () => (await measured()).length >= 8, 60, '8 signals with values');
  const { templates } = await getJson(`${AIOPS}/v1/templates?limit=50`);
  assert.ok(templates.some((template) => template.services.includes('flights-api')));
});

test('no container runs as root, writes to its image, holds a capability or lacks a limit', () => {
  for (const container of containers()) {
    const name = nameOf(container);
    assert.ok(!['', 'root', '0'].includes(container.Config.User), `${name} runs as root`);
    assert.equal(container.HostConfig.ReadonlyRootfs, true, `${name} may write`);
    assert.deepEqual(container.HostConfig.CapDrop, ['ALL'], name);
    assert.ok(container.HostConfig.Memory > 0, `${name} has no memory limit`);
    for (const binding of Object.values(container.HostConfig.PortBindings ?? {}).flat()) {
      assert.equal(binding.HostIp, '127.0.0.1', `${name} is open to the network`);
    }
  }
});

test('devops plan finds no drift, and then what was changed by hand', () => {
  const plan = () => {
    const words = ['packages/devops-demo/bin/devops.js', 'plan', '--json'];
    const { status, stdout } = spawnSync(process.execPath, words, {
      cwd: root,
      env: environment,
      encoding: 'utf8',
    });
    return { status, differences: JSON.parse(stdout).differences };
  };
  assert.deepEqual(plan(), { status: 0, differences: [] });
  const gateway = compose('ps', '-q', 'gateway').trim();
  docker('update', '--memory', '64m', '--memory-swap', '64m', gateway);
  const drift = [{ service: 'gateway', what: 'memory', declared: '48 MiB', running: '64 MiB' }];
  assert.deepEqual(plan(), { status: 3, differences: drift });
  docker('update', '--memory', '48m', '--memory-swap', '48m', gateway);
  assert.equal(plan().status, 0);
});

test('all containers together use less than 1 GB', () => {
  const rows = compose('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}').trim().split('\n');
  const units = { KiB: 1 / 1_024, MiB: 1, GiB: 1_024 };
  const megabytes = rows.map((row) => {
    const [, amount, unit] = /([\d.]+)(KiB|MiB|GiB) \//.exec(row) ?? [];
    return Number(amount ?? 0) * (units[unit] ?? 0);
  });
  const total = megabytes.reduce((sum, each) => sum + each, 0);
  process.stdout.write(`${rows.join('\n')}\ntotal ${total.toFixed(0)} MiB\n`);
  assert.ok(total > 100 && total < MEMORY_LIMIT_MB, `total ${total} MiB`);
});

test('a slow model server becomes one incident that names it first, and the board goes on answering', async () => {
  // The detectors must have seen a normal minute before they can call anything unusual.
  const learned = async () =>
    (await getJson(`${AIOPS}/v1/signals`)).signals.some(
      (signal) => signal.id.includes('degraded') && signal.state === 'normal',
    );
  await eventually(learned, 120, 'the degraded-risk signal is learned');
  assert.deepEqual((await getJson(`${AIOPS}/v1/incidents`)).incidents, []);
  const token = compose('exec', '-T', 'control-room', 'cat', '/secrets/token').trim();
  const injected = await fetch(`${MODEL_SERVER}/v1/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ name: 'slow', latencyMs: 3_000, seconds: 30 }),
  });
  assert.equal(injected.status, 201);
  const open = async () => (await getJson(`${AIOPS}/v1/incidents?state=open`)).incidents;
  const [incident] = await eventually(
    async () => (await open()).length > 0 && open(),
    45,
    'an incident opens',
  );
  assert.equal(incident.causes[0].service, 'model-server', JSON.stringify(incident, null, 1));
  await eventually(async () => (await open()).length === 0, 120, 'the incident closes');
  assert.equal((await getJson(`${AIOPS}/v1/incidents`)).incidents.length, 1);
  const failed = await getJson(
    `${PROMETHEUS}/api/v1/query?query=${encodeURIComponent('sum(increase(http_server_request_duration_seconds_count{job="flights-api",http_response_status_code=~"5.."}[3m])) or vector(0)')}`,
  );
  assert.equal(Number(failed.data.result[0].value[1]), 0);
});

test(
  'the page shows the live system in a real browser without an error',
  { skip: chromium() === undefined && 'no Chromium found' },
  async () => {
    const { chromium: launcher } = await import('playwright-core');
    const browser = await launcher.launch({
      executablePath: chromium(),
      args: ['--no-sandbox', '--disable-quic', '--disable-background-networking'],
    });
    const errors = [];
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      page.on('pageerror', (error) => errors.push(String(error)));
      await page.goto(ROOM);
      await page.getByText('model-server').first().waitFor();
      await eventually(async () => (await page.locator('canvas').count()) >= 3, 20, 'three charts');
      await page.screenshot({ path: `${root}reports/compose-control-room.png`, fullPage: true });
    } finally {
      await browser.close();
    }
    assert.deepEqual(errors, []);
  },
);

test('taken down and up again, the system keeps its flights, model and incidents, and goes on where it was', async () => {
  const before = await getJson(`${BOARD}/v1/stats`);
  const model = (await getJson(`${MODEL_SERVER}/v1/model`)).version;
  const { incidents } = await getJson(`${AIOPS}/v1/incidents`);
  compose('down');
  process.stdout.write(`second start, healthy after ${up()} s\n`);
  // The first request may go out on a connection from before.
  const now = await eventually(() => getJson(`${BOARD}/v1/stats`), 10, 'the board answers');
  assert.ok(now.flights >= before.flights, `${now.flights} flights after ${before.flights}`);
  assert.equal((await getJson(`${MODEL_SERVER}/v1/model`)).version, model);
  const kept = (await getJson(`${AIOPS}/v1/incidents`)).incidents.map((incident) => incident.id);
  assert.deepEqual(
    kept,
    incidents.map((incident) => incident.id),
  );
  await eventually(
    async () => (await getJson(`${BOARD}/v1/stats`)).flights > before.flights,
    60,
    'new flights',
  );
});

test('a board killed with kill -9 comes back by itself, and no accepted flight is lost', async () => {
  const before = await getJson(`${BOARD}/v1/stats`);
  const id = compose('ps', '-q', 'flights-api').trim();
  docker('kill', '--signal', 'KILL', id);
  docker('start', id);
  await eventually(
    async () => (await getJson(`${BOARD}/v1/stats`)).flights > before.flights,
    90,
    'flights flow again',
  );
});

function chromium() {
  const known = [
    process.env.TRIOPS_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return known.find((path) => path !== undefined && existsSync(path));
}
