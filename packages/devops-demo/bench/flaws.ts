/**
 * `npm run bench:flaws -w devops-demo`: is each flawed version caught, when, and how much of the traffic has met it?
 *
 * Each flaw is built from its patch and released under traffic, with the real analysis. Prints per flaw: how it ended, at
 * which weight, after how long, and the largest share of requests that the gateway gave it while it was there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FLAWS } from 'devops-demo/delivery';
import type { Release, Version } from 'devops-demo/delivery';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { seedRandom } from './canary/seeded-random.js';
import { startDelivery } from './delivery.js';
import { readOptions } from './read-options.js';
import { startTraffic } from './traffic.js';

const CLIENTS = 8;
const SEED = 2001;
const NO_MODEL_SERVER = 'http://127.0.0.1:9';
/** Ten looks of twelve seconds: a minute of warm ones is in them, without which a leak is not told from a start. */
const DEFAULTS = { window: '12', rate: '150' };

const values = readOptions({
  window: { type: 'string', default: DEFAULTS.window },
  rate: { type: 'string', default: DEFAULTS.rate },
  flaw: { type: 'string', multiple: true },
});
const packageDir = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'triops-flaws-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const delivery = await startDelivery({
  packageDir,
  stateDir: join(folder, 'state'),
  databaseUrl: postgres.url,
  modelServerUrl: NO_MODEL_SERVER,
});
const flaws = values.flaw ?? FLAWS;
// Building blocks this process, and with it its clients: first the one, then the others.
const candidates = flaws.map((flaw) =>
  delivery.patched(flaw, join(packageDir, 'flaws', flaw, 'change.patch')),
);
const random = seedRandom(SEED);
const traffic = startTraffic({
  url: delivery.url,
  clients: CLIENTS,
  random: () => random.uniform(),
  perSecond: Number(values.rate),
  prefix: 'F',
});

/** Requests that the gateway gave to each backend so far, and how many of them failed. */
async function answered(): Promise<{ all: number; of: (slot: string) => number }> {
  const text = await (await fetch(`${delivery.adminUrl}/metrics`)).text();
  const samples = [...text.matchAll(/^gateway_answers_total\{backend="(\w+)".*\} (\d+)/gm)];
  const of = (slot: string) =>
    samples.filter(([, name]) => name === slot).reduce((total, [, , count]) => total + Number(count), 0);
  return { all: samples.reduce((total, [, , count]) => total + Number(count), 0), of };
}

async function release(candidate: Version): Promise<boolean> {
  const before = await answered();
  const failuresBefore = traffic.failures.length;
  const startedAt = performance.now();
  const ended = await delivery.releaser({ windowSeconds: Number(values.window) }).release(candidate);
  const after = await answered();
  const slot = ended.slots.candidate;
  const [met, all] = [after.of(slot) - before.of(slot), after.all - before.all];
  console.log(
    `${candidate.version.padEnd(20)} ${ended.phase.padEnd(12)} at ${String(highest(ended)).padStart(2)} % after ${((performance.now() - startedAt) / 1_000).toFixed(0).padStart(3)} s; ` +
      `met by ${met} of ${all} requests (${((100 * met) / all).toFixed(1)} %), ${traffic.failures.length - failuresBefore} failed`,
  );
  console.log(`               ${ended.because}`);
  return (ended.phase === 'rolled-back' || ended.phase === 'refused') && highest(ended) <= 10;
}

function highest({ judged }: Release): number {
  return Math.max(0, ...judged.map(({ weight }) => weight));
}

try {
  let caught = 0;
  for (const candidate of candidates) caught += (await release(candidate)) ? 1 : 0;
  await traffic.stop();
  console.log(
    `${caught} of ${flaws.length} caught within the first two steps, ${traffic.requests} requests in all`,
  );
  process.exitCode = caught === flaws.length ? 0 : 1;
} finally {
  await delivery.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
