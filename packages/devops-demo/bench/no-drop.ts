/**
 * `npm run bench:no-drop -w devops-demo`: does a client notice a deploy, a promotion, a rollback, a restart?
 *
 * Clients that never pause send requests through the gateway while versions change behind it. Prints requests and failures of
 * each phase; ends with 1 when one failed. `--requests N` changes the least number (default 50,000).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { seedRandom } from './canary/seeded-random.js';
import { always, startDelivery } from './delivery.js';
import { readOptions } from './read-options.js';
import { startTraffic } from './traffic.js';

const LEAST_REQUESTS = '50000';
const CLIENTS = 32;
/** Two writes wait for the disk; with so many reads between them the requests come faster. */
const READS_PER_FLIGHT = 6;
const SEED = 2001;
const WINDOW_SECONDS = 2;
/** The discard port: every risk is a base rate, and no model server is needed. */
const NO_MODEL_SERVER = 'http://127.0.0.1:9';
const PAUSE_MS = 500;

const values = readOptions({ requests: { type: 'string', default: LEAST_REQUESTS } });
const least = Number(values.requests);
const folder = mkdtempSync(join(tmpdir(), 'triops-no-drop-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const delivery = await startDelivery({
  packageDir: join(import.meta.dirname, '..', '..'),
  stateDir: join(folder, 'state'),
  databaseUrl: postgres.url,
  modelServerUrl: NO_MODEL_SERVER,
});
const random = seedRandom(SEED);
const traffic = startTraffic({
  url: delivery.url,
  clients: CLIENTS,
  random: () => random.uniform(),
  readsPerFlight: READS_PER_FLIGHT,
  prefix: 'N',
});
const counts = new Map<string, { requests: number; failures: number; times: number }>();

async function during(phase: string, work: () => Promise<unknown>): Promise<void> {
  const [requests, failures] = [traffic.requests, traffic.failures.length];
  await work();
  const before = counts.get(phase) ?? { requests: 0, failures: 0, times: 0 };
  counts.set(phase, {
    requests: before.requests + traffic.requests - requests,
    failures: before.failures + traffic.failures.length - failures,
    times: before.times + 1,
  });
}

const releaser = (kind: 'pass' | 'fail') =>
  delivery.releaser({ windowSeconds: WINDOW_SECONDS, judge: always(kind) });

try {
  const startedAt = performance.now();
  do {
    await during('deploy and promotion', async () => releaser('pass').release(delivery.first));
    await during('deploy and rollback', async () => releaser('fail').release(delivery.first));
    await during('restart', async () =>
      delivery.releaser({ windowSeconds: 0.1, judge: always('pass') }).release(delivery.first),
    );
    await during('nothing', async () => sleep(PAUSE_MS));
  } while (traffic.requests < least);
  await traffic.stop();
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const [phase, { requests, failures, times }] of counts) {
    console.log(
      `${phase.padEnd(22)} ${String(times).padStart(3)} times ${String(requests).padStart(7)} requests ${failures} failures`,
    );
  }
  console.log(
    `all                              ${String(traffic.requests).padStart(7)} requests ${traffic.failures.length} failures, ${(traffic.requests / seconds).toFixed(0)} a second`,
  );
  for (const failure of traffic.failures.slice(0, 10)) console.log(`  ${failure}`);
  process.exitCode = traffic.failures.length === 0 ? 0 : 1;
} finally {
  await delivery.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
