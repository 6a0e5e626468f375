/** Releases with real processes: the gateway, both versions, PostgreSQL, and a controller that is killed. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedRandom } from '../../bench/canary/seeded-random.js';
import { always, startDelivery } from '../../bench/delivery.js';
import { startTraffic } from '../../bench/traffic.js';
import { buildPatched } from '../../src/delivery/flaw/process.js';
import { FLAWS } from '../../src/delivery/flaw.js';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import type { Release, Version } from '../../src/delivery/release.js';
import { NOBODY, PACKAGE_DIR, client, freshDatabase } from '../harness.js';

const MOST_MS = 240_000;
const folder = mkdtempSync(join(tmpdir(), 'triops-rollout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let delivery: Awaited<ReturnType<typeof startDelivery>>;
let [databaseUrl, stateDir] = ['', ''];

async function start(): Promise<void> {
  databaseUrl = await freshDatabase();
  stateDir = mkdtempSync(join(folder, 'state-'));
  delivery = await startDelivery({ packageDir: PACKAGE_DIR, stateDir, databaseUrl, modelServerUrl: NOBODY });
}

const patchOf = (flaw: string) => join(PACKAGE_DIR, 'flaws', flaw, 'change.patch');
const weights = async () =>
  (await delivery.gateway.backends()).map(({ name, weight }) => `${name} ${weight}`);
function traffic(prefix: string) {
  const random = seedRandom(2001);
  const options = { url: delivery.url, clients: 8, readsPerFlight: 3, prefix };
  return startTraffic({ ...options, random: () => random.uniform() });
}

describe('a release under load', () => {
  beforeAll(start, MOST_MS);
  afterAll(async () => delivery.close());

  it(
    'drops no request while it is deployed, promoted, rolled back and restarted',
    async () => {
      const load = traffic('A');
      const promoted = await delivery
        .releaser({ windowSeconds: 0.5, judge: always('pass') })
        .release(delivery.first);
      expect([promoted.phase, await weights()]).toEqual(['promoted', ['green 100']]);
      const back = await delivery
        .releaser({ windowSeconds: 0.5, judge: always('fail') })
        .release(delivery.first);
      expect([back.phase, await weights()]).toEqual(['rolled-back', ['green 100']]);
      await expect.poll(() => load.requests, { timeout: 60_000 }).toBeGreaterThan(1_500);
      const again = await delivery
        .releaser({ windowSeconds: 0.5, judge: always('pass') })
        .release(delivery.first);
      expect([again.phase, await weights()]).toEqual(['promoted', ['blue 100']]);
      await load.stop();
      expect(load.failures).toEqual([]);
      expect(delivery.instances.record('green'), 'the old one is stopped').toBeUndefined();
      const { stages } = (
        await client(delivery.url).get<{ stages: { name: string; state: string; because: string }[] }>(
          '/v1/delivery',
        )
      ).body;
      const told = Object.fromEntries(
        stages.map(({ name, state, because }) => [name, `${state}: ${because}`]),
      );
      expect(told['shift-traffic']).toBe('passed: 0.1.0 gets 100 % of the requests');
      expect(told['analyze']).toMatch(/^passed: pass at 50 %, \d+ requests: decided beforehand: pass$/);
      expect(told['release']).toMatch(/^passed: 0.1.0 is with everybody/);
      expect(delivery.store.all().map(({ phase }) => phase)).toEqual(['promoted', 'rolled-back', 'promoted']);
    },
    MOST_MS,
  );

  it(
    'an expanding migration survives the rollback: the old version serves on, and starts again',
    async () => {
      const candidate = delivery.patched(
        'carrier',
        join(import.meta.dirname, '../fixtures/carrier/change.patch'),
      );
      const load = traffic('B');
      const back = await delivery.releaser({ windowSeconds: 0.5, judge: always('fail') }).release(candidate);
      expect(back).toMatchObject({ phase: 'rolled-back', candidate: { version: '0.1.0-carrier' } });
      const again = await delivery
        .releaser({ windowSeconds: 0.2, judge: always('pass') })
        .release(delivery.first);
      expect(again.phase).toBe('promoted');
      await load.stop();
      expect(load.failures).toEqual([]);
      const database = new pg.Client(databaseUrl);
      await database.connect();
      const { rows } = await database.query<{ name: string }>(
        'select name from board.migrations order by id',
      );
      const kept = await database.query('select carrier from board.flights limit 1');
      await database.end();
      expect(rows.map(({ name }) => name)).toEqual(['0001_board', '0002_carrier']);
      expect(kept.rows).toEqual([{ carrier: null }]);
    },
    MOST_MS,
  );

  it(
    'a tampered artifact is refused, and nothing is started',
    async () => {
      const unknown: Version = { ...delivery.first, digest: 'a'.repeat(64) };
      const refused = await delivery.releaser({ windowSeconds: 0.5 }).release(unknown);
      expect(refused).toMatchObject({ phase: 'refused', because: 'artifact aaaaaaaaaaaa is missing' });
      expect(await weights()).toEqual([expect.stringMatching(/ 100$/)]);
    },
    MOST_MS,
  );
});

describe('a flawed version', () => {
  beforeAll(start, MOST_MS);
  afterAll(async () => delivery.close());

  const builds = new Map<string, Version>();
  const build = (flaw: string): Version => {
    const built = builds.get(flaw) ?? delivery.patched(flaw, patchOf(flaw));
    builds.set(flaw, built);
    return built;
  };

  it.each(FLAWS)(
    '%s is built from its patch, and says what is wrong with it',
    { timeout: MOST_MS },
    (flaw) => {
      const built = build(flaw);
      expect(built.version).toBe(`0.1.0-${flaw}`);
      expect(built.digest).not.toBe(delivery.first.digest);
      expect(readFileSync(join(PACKAGE_DIR, 'flaws', flaw, 'README.md'), 'utf8')).toMatch(
        /Defect: .*\nHow it looks: /,
      );
    },
  );

  it(
    'bad-migration is refused by the rehearsal with the old version, before anybody meets it',
    async () => {
      // Building blocks this process, and with it its clients: first the one, then the others.
      const candidate = build('bad-migration');
      const load = traffic('C');
      const refused = await delivery.releaser({ windowSeconds: 0.5 }).release(candidate);
      await load.stop();
      expect(refused.phase).toBe('refused');
      expect(refused.because).toMatch(/^on the new schema the old version answers 500 to /);
      expect(load.failures).toEqual([]);
    },
    MOST_MS,
  );

  it(
    'crash dies of a long flight and is taken back at 5 %',
    async () => {
      const candidate = build('crash');
      const load = traffic('D');
      const back = await delivery.releaser({ windowSeconds: 20 }).release(candidate);
      await load.stop();
      expect(back.phase).toBe('rolled-back');
      expect(back.because).toContain("the canary's process died");
      expect(back.judged.map(({ weight }) => weight)).toEqual([5]);
    },
    MOST_MS,
  );
});

describe('a controller that is killed', () => {
  beforeEach(start, MOST_MS);
  afterEach(async () => delivery.close());

  function release(...words: string[]) {
    const child = fork(
      join(PACKAGE_DIR, 'dist/cli.js'),
      ['release', '--state', stateDir, '--window', '1', ...words],
      { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env: { PATH: process.env['PATH'] } },
    );
    return { child, ended: once(child, 'exit') };
  }
  async function killedWhile(phase: Release['phase']): Promise<void> {
    const { child, ended } = release('--untested', 'a test');
    await expect.poll(() => delivery.store.current()?.phase, { timeout: 60_000, interval: 5 }).toBe(phase);
    child.kill('SIGKILL');
    await ended;
  }

  it(
    'while it observes: the next one goes on, and without traffic stops with the old version at 100 %',
    async () => {
      await killedWhile('observing');
      expect(await weights()).toEqual(['blue 95', 'green 5']);
      await expect
        .poll(weights, { timeout: 60_000, message: 'nobody renews the shares' })
        .toEqual(['blue 100']);
      expect(await release('--resume').ended, 'not promoted').toEqual([1, null]);
      expect(delivery.store.current()).toMatchObject({ phase: 'stopped', step: 0 });
      const log = openAuditLog(stateDir);
      expect((await log.verify()).kind, 'kill -9 leaves the audit log intact').toBe('intact');
      const actions = (await log.entries()).map(({ action }) => action);
      expect(actions.slice(0, 3)).toEqual([
        'untested.overridden',
        'release.started',
        'release.traffic-shifted',
      ]);
      expect(actions.at(-1)).toBe('release.stopped');
      expect(await weights()).toEqual(['blue 100']);
      expect(delivery.instances.record('green')).toBeUndefined();
      expect((await client(delivery.url).depart()).status).toBe(201);
    },
    MOST_MS,
  );

  it(
    'while the new version is away: the next one goes back',
    async () => {
      await killedWhile('observing');
      await delivery.instances.stop('green');
      expect(await release('--resume').ended, 'not promoted').toEqual([1, null]);
      expect(delivery.store.current()).toMatchObject({ phase: 'rolled-back' });
      expect(await weights()).toEqual(['blue 100']);
    },
    MOST_MS,
  );

  it(
    'while the new version starts: the next one finishes, and no process is left over',
    async () => {
      await killedWhile('starting');
      expect(await release('--resume').ended, 'not promoted').toEqual([1, null]);
      expect(delivery.store.current()).toMatchObject({ phase: 'stopped' });
      expect([await weights(), delivery.instances.record('green')]).toEqual([['blue 100'], undefined]);
    },
    MOST_MS,
  );

  it(
    '--from brings the package of another folder, and stops for want of traffic',
    async () => {
      const patchFile = join(import.meta.dirname, '../fixtures/carrier/change.patch');
      const workDir = join(stateDir, 'elsewhere');
      const from = buildPatched({ packageDir: PACKAGE_DIR, patchFile, name: 'carrier', workDir });
      expect(await release('--from', from, '--untested', 'a test').ended).toEqual([1, null]);
      const ended = delivery.store.current();
      expect(ended).toMatchObject({ phase: 'stopped', candidate: { version: '0.1.0-carrier' } });
      expect(ended?.judged.map(({ verdict }) => verdict.kind)).toEqual(Array(10).fill('inconclusive'));
      expect(await weights()).toEqual(['blue 100']);
    },
    MOST_MS,
  );

  it(
    'a second controller beside the first is refused',
    async () => {
      const first = release('--untested', 'a test');
      await expect.poll(() => delivery.store.current()?.phase, { timeout: 60_000 }).toBe('observing');
      expect(await release('--untested', 'a test').ended).toEqual([1, null]);
      first.child.kill('SIGKILL');
      await first.ended;
      expect(await release('--resume').ended, 'not promoted').toEqual([1, null]);
    },
    MOST_MS,
  );
});
