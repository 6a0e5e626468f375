/** Slots as containers have them: a keeper for each, `devops deploy` before them, records between them. No engine is needed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../src/delivery/artifact/store.js';
import { SLOTS, recordFile } from '../../src/delivery/instances.js';
import type { Slot } from '../../src/delivery/instances.js';
import { createInstances } from '../../src/delivery/instances/process.js';
import { residentKeepers, slotUrls } from '../../src/delivery/instances/resident/process.js';
import { writeJson } from '../../src/delivery/json-file/store.js';
import { freePort } from '../free-port.js';
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
/** Not synchronously: this process is the gateway. */
async function deploy(): Promise<string> {
  const words = [join(PACKAGE_DIR, 'bin/devops.js'), 'deploy'];
  const child = spawn(process.execPath, words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  return text(child.stdout);
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
