/** Slots as containers have them: a keeper for each, `devops deploy` before them, records between them. No engine is needed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../src/delivery/artifact/store.js';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import { manifestOf } from '../../src/delivery/build.js';
import { SLOTS, recordFile } from '../../src/delivery/instances.js';
import type { Slot } from '../../src/delivery/instances.js';
import { createInstances } from '../../src/delivery/instances/process.js';
import { residentKeepers, slotUrls } from '../../src/delivery/instances/resident/process.js';
import { writeJson } from '../../src/delivery/json-file/store.js';
import { readBuiltFiles, writeManifest } from '../../src/delivery/store.js';
import { freePort } from 'service-chassis/free-port';
import { NOBODY, PACKAGE_DIR, client, freshDatabase } from '../harness.js';
import { TOKEN, startEmbedded } from './gateway/gateways.js';

const MOST_MS = 240_000;
const stateDir = mkdtempSync(join(tmpdir(), 'triops-slots-'));
const artifactsDir = join(stateDir, 'artifacts');
const keepers: ChildProcess[] = [];
let gateway: Awaited<ReturnType<typeof startEmbedded>>;
let urls: Record<Slot, string>;
let environment: Record<string, string | undefined>;

beforeAll(async () => {
  gateway = await startEmbedded();
  urls = { blue: `http://127.0.0.1:${await freePort()}`, green: `http://127.0.0.1:${await freePort()}` };
  environment = {
    PATH: process.env['PATH'],
    DATABASE_URL: await freshDatabase(),
    MODEL_SERVER_URL: NOBODY,
    TRIOPS_STATE_DIR: stateDir,
    TRIOPS_TOKEN: TOKEN,
    GATEWAY_ADMIN: gateway.adminUrl,
    BOARD_SLOTS: `blue=${urls.blue},green=${urls.green}`,
  };
  for (const slot of SLOTS) {
    const program = join(PACKAGE_DIR, 'dist/delivery/instances/slot/main.js');
    const env = { ...environment, PORT: new URL(urls[slot]).port };
    keepers.push(spawn(process.execPath, [program, slot], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
  }
}, MOST_MS);
afterAll(async () => {
  for (const keeper of keepers.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    keeper.kill('SIGTERM');
    await once(keeper, 'exit');
  }
  await gateway.close();
  rmSync(stateDir, { recursive: true, force: true });
});

const statusOf = async (slot: Slot, path: string) => (await fetch(`${urls[slot]}${path}`)).status;
const readiness = async () =>
  Promise.all(SLOTS.map(async (slot) => statusOf(slot, '/readyz').catch(() => 'away')));
/** Not synchronously: this process is the gateway. @returns what it said, on either stream */
async function devops(words: readonly string[], packageDir = PACKAGE_DIR): Promise<string> {
  const child = spawn(process.execPath, [join(packageDir, 'dist/cli.js'), ...words], { env: environment });
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join('');
}
const deploy = async (packageDir?: string) => devops(['deploy'], packageDir);

/** Each try of a deployment: its start and its end. */
async function history(): Promise<string[]> {
  const entries = await openAuditLog(stateDir).entries();
  return entries.map(({ action, subject }) => `${subject}: ${action}`);
}

const UNLUCKY = 'unlucky';
/** An image of another version, which does not start as long as there is a file `unlucky` in its folder. */
function otherImage(version: string): string {
  const image = join(stateDir, `image-${version}`);
  for (const part of ['dist', 'migrations'])
    cpSync(join(PACKAGE_DIR, part), join(image, part), { recursive: true });
  symlinkSync(join(PACKAGE_DIR, '../../node_modules'), join(image, 'node_modules'), 'junction');
  const about = { name: 'devops-demo', version, type: 'module' };
  writeFileSync(join(image, 'package.json'), JSON.stringify(about));
  const main = join(image, 'dist/service/main.js');
  const dies = `import { existsSync } from 'node:fs';
if (existsSync('${UNLUCKY}')) throw new Error('no luck yet');
await import('./real-main.js');
`;
  renameSync(main, join(image, 'dist/service/real-main.js'));
  writeFileSync(main, dies);
  writeManifest(image, manifestOf({ ...about, commit: 'c0ffee00' }, readBuiltFiles(image)));
  return image;
}

describe('slots', () => {
  it(
    'a free slot is alive, not ready, and says to scrapers that it idles',
    { timeout: MOST_MS },
    async () => {
      await expect.poll(readiness, { timeout: 30_000 }).toEqual([503, 503]);
      expect(await statusOf('green', '/livez')).toBe(200);
      const metrics = await fetch(`${urls.green}/metrics`);
      expect(metrics.headers.get('content-type'), 'or Prometheus 3 refuses it').toContain('version=0.0.4');
      expect(await metrics.text()).toContain('devops_slot_idle 1\n');
    },
  );

  it(
    'deploy starts this package once, and what was released last ever after',
    { timeout: MOST_MS },
    async () => {
      expect(await deploy()).toMatch(/^0\.1\.0, digest \w{12}, serves as blue: it is new here\n$/);
      expect(await readiness()).toEqual([200, 503]);
      expect((await client(gateway.url).depart()).status).toBe(201);
      expect(await deploy()).toMatch(/serves as blue: it was released last\n$/);
    },
  );

  it(
    'that is one deployment in the audit log, and the unchanged version again is none',
    { timeout: MOST_MS },
    async () => {
      expect(await history()).toEqual([
        'flights-api 0.1.0: release.started',
        'flights-api 0.1.0: release.promoted',
      ]);
      const [started] = await openAuditLog(stateDir).entries();
      const { commit, digest } = bundle(PACKAGE_DIR, artifactsDir);
      expect(started).toMatchObject({ actor: 'pipeline', details: { commit, digest } });
      expect(await devops(['audit', 'verify'])).toMatch(/^intact: 2 entries/);
      expect(await devops(['dora'])).toMatch(/flights-api 0\.1\.0 {2}promoted: it is new here\n$/);
    },
  );

  it(
    'an image that does not start leaves the old version serving, and is tried again on the next start',
    { timeout: MOST_MS },
    async () => {
      const image = otherImage('0.2.0');
      writeFileSync(join(stateDir, UNLUCKY), '');
      const refused = /^devops deploy: 0\.2\.0 does not start: .*; 0\.1\.0 serves on as blue$/m;
      expect(await deploy(image)).toMatch(refused);
      expect(await deploy(image), 'not taken for deployed').toMatch(refused);
      expect(await readiness()).toEqual([200, 503]);
      expect((await client(gateway.url).depart()).status, 'the same flight again').toBe(200);
      rmSync(join(stateDir, UNLUCKY));
      expect(await deploy(image)).toMatch(/^0\.2\.0, digest \w{12}, serves as green: it is new here\n$/);
      expect(await readiness()).toEqual([503, 200]);
      expect((await history()).slice(2)).toEqual([
        'flights-api 0.2.0: release.started',
        'flights-api 0.2.0: release.rolled-back',
        'flights-api 0.2.0: release.started',
        'flights-api 0.2.0: release.promoted',
      ]);
      expect(await devops(['dora']), 'no user met what did not start').toContain(
        '0.0 % (0 of 2 deployments)',
      );
    },
  );

  it('the image of before is brought back', { timeout: MOST_MS }, async () => {
    expect(await deploy()).toMatch(/^0\.1\.0, digest \w{12}, serves as blue: it is new here\n$/);
    expect(await readiness()).toEqual([200, 503]);
  });

  it('a version starts beside the other one, and leaves its slot free', { timeout: MOST_MS }, async () => {
    const instances = createInstances({ stateDir, artifactsDir, env: {} }, residentKeepers(stateDir, urls));
    const { digest } = bundle(PACKAGE_DIR, artifactsDir);
    const { url } = await instances.start('green', digest);
    expect([url, await readiness()]).toEqual([urls.green, [200, 200]]);
    expect(instances.restarts('green')).toBe(0);
    await instances.stop('green');
    await expect.poll(readiness, { timeout: 30_000 }).toEqual([200, 503]);
  });

  it('a keeper verifies for itself what its record names', { timeout: MOST_MS }, async () => {
    const logFile = join(stateDir, 'instances/forged.log');
    mkdirSync(join(stateDir, 'instances'), { recursive: true });
    const digest = 'f'.repeat(64);
    writeJson(join(stateDir, recordFile('green')), {
      id: 'forged',
      slot: 'green',
      port: 1,
      url: urls.green,
      digest,
      version: '6.6.6',
      commit: 'c0ffee',
      logFile,
    });
    await expect
      .poll(() => readIfThere(logFile), { timeout: 30_000 })
      .toContain('artifact ffffffffffff is missing');
    rmSync(join(stateDir, recordFile('green')));
    await expect.poll(readiness, { timeout: 30_000 }).toEqual([200, 503]);
  });
});

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

it.each(['', 'blue=http://a:1', 'blue=http://a:1;green=http://b:1'])(
  'BOARD_SLOTS "%s" is refused',
  (text) => {
    expect(() => slotUrls(text)).toThrow('expected blue=URL,green=URL');
  },
);
