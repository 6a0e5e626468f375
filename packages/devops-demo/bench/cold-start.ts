/**
 * `npm run bench:cold-start -w devops-demo`: how much slower is a version that has just started, and until when?
 *
 * Releases the same version beside itself, again and again, at 5 % of the traffic, and reads from both logs how long each request took.
 * Prints the ratio of the medians for each fifty answers of the young process: the median of all starts. `--warm-up N` asks the young
 * process N times for a list before it gets traffic.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { seedRandom } from './canary/seeded-random.js';
import { startDelivery } from './delivery.js';
import { readOptions } from './read-options.js';
import { startTraffic } from './traffic.js';

const CLIENTS = 12;
const SEED = 2001;
const NO_MODEL_SERVER = 'http://127.0.0.1:9';
const SHARE_PER_CENT = 5;
const ANSWERS_A_ROW = 50;
const WARM_PRIMARY_MS = 20_000;
const LOOK_MS = 500;
/** As many as the board has connections to its database. */
const AT_A_TIME = 8;

const values = readOptions({
  starts: { type: 'string', default: '6' },
  answers: { type: 'string', default: '400' },
  rate: { type: 'string', default: '180' },
  'warm-up': { type: 'string', default: '0' },
});
const [starts, answers] = [Number(values.starts), Number(values.answers)];
const folder = mkdtempSync(join(tmpdir(), 'triops-cold-start-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
const delivery = await startDelivery({
  packageDir: join(import.meta.dirname, '..', '..'),
  stateDir: join(folder, 'state'),
  databaseUrl: postgres.url,
  modelServerUrl: NO_MODEL_SERVER,
  logLevel: 'debug',
});
const random = seedRandom(SEED);
const traffic = startTraffic({
  url: delivery.url,
  clients: CLIENTS,
  random: () => random.uniform(),
  perSecond: Number(values.rate),
  prefix: 'C',
});

interface Answer {
  readonly at: number;
  readonly milliseconds: number;
}

function answersOf(slot: 'blue' | 'green', skip: number): Answer[] {
  const path = delivery.instances.record(slot)?.logFile ?? '';
  return [`${path}.1`, path]
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('')
    .split('\n')
    .filter((line) => line.includes('"event.duration"') && line.includes('/v1/flights'))
    .slice(skip)
    .map((line) => {
      const entry = JSON.parse(line) as { '@timestamp': string; 'event.duration': number };
      return { at: Date.parse(entry['@timestamp']), milliseconds: entry['event.duration'] / 1e6 };
    });
}

const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

async function askForList(url: string): Promise<void> {
  await (await fetch(`${url}/v1/flights?origin=ATL&limit=20`)).arrayBuffer();
}

/** The ratio of the medians, for each row of answers; and the two medians. */
async function coldStart(): Promise<{ young: number; old: number; ratio: number }[]> {
  const started = await delivery.instances.start('green', delivery.first.digest ?? '');
  const warmUps = AT_A_TIME * Math.ceil(Number(values['warm-up']) / AT_A_TIME);
  for (let sent = 0; sent < warmUps; sent += AT_A_TIME) {
    await Promise.all(Array.from({ length: AT_A_TIME }, async () => askForList(started.url)));
  }
  const blue = delivery.instances.record('blue')?.url ?? '';
  await delivery.gateway.setBackends([
    { name: 'blue', url: blue, weight: 100 - SHARE_PER_CENT },
    { name: 'green', url: started.url, weight: SHARE_PER_CENT },
  ]);
  while (answersOf('green', warmUps).length < answers) await sleep(LOOK_MS);
  const [young, old] = [answersOf('green', warmUps), answersOf('blue', 0)];
  await delivery.gateway.setBackends([{ name: 'blue', url: blue, weight: 100 }]);
  await delivery.instances.stop('green');
  const rows = [];
  for (let from = 0; from + ANSWERS_A_ROW <= answers; from += ANSWERS_A_ROW) {
    const row = young.slice(from, from + ANSWERS_A_ROW);
    const [first, last] = [row[0]?.at ?? 0, row.at(-1)?.at ?? 0];
    const meanwhile = old.filter(({ at }) => at >= first && at <= last);
    const [one, other] = [row, meanwhile].map((all) => median(all.map(({ milliseconds }) => milliseconds)));
    rows.push({ young: one ?? NaN, old: other ?? NaN, ratio: (one ?? NaN) / (other ?? NaN) });
  }
  return rows;
}

try {
  await sleep(WARM_PRIMARY_MS);
  const all = [];
  for (let start = 0; start < starts; start++) all.push(await coldStart());
  await traffic.stop();
  console.log('answers       young ms   old ms   ratio   of each start');
  for (let row = 0; row < answers / ANSWERS_A_ROW; row++) {
    const cells = all.flatMap((rows) => rows[row] ?? []);
    const [young, old, ratio] = (['young', 'old', 'ratio'] as const).map((key) =>
      median(cells.map((cell) => cell[key])).toFixed(2),
    );
    const from = row * ANSWERS_A_ROW;
    console.log(
      `${`${from + 1} to ${from + ANSWERS_A_ROW}`.padEnd(14)}${young?.padStart(8)} ${old?.padStart(8)} ${ratio?.padStart(7)}   ${cells.map((cell) => cell.ratio.toFixed(2)).join(' ')}`,
    );
  }
} finally {
  await delivery.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
