/**
 * Table `serving`: predictions over HTTP, each alone and micro-batched, beside a server without tfjs and one without a model.
 *
 * Rule: many short rounds; each loads every variant once, beginning with another one, so that what else the machine does falls on all. A cell is
 * the median of the rounds; a ratio is the median of the rounds' ratios to the first variant. CPU time is the server's own.
 * When it misleads: the load shares the cores with the server, so predictions/s hide a part of the difference. CPU time says more.
 */
import { usableBackends } from './backends.js';
import { load } from './load.js';
import type { Work } from './load.js';
import { median } from './median.js';
import { trainModel } from './model.js';
import { startServer } from './server.js';
import type { ServerProcess } from './server.js';
import { VARIANTS } from './variants.js';

const ROUNDS = 9;
const TITLE_WIDTH = 50;
/** Passes of many sizes and of one row are compiled apart. */
const WARM_UP_REQUESTS = 1_500;
const WORKS: Record<string, Work> = {
  'one flight a request, 1 connection': { clients: 1, flightsARequest: 1, requests: 100 },
  'one flight a request, 16 connections': { clients: 16, flightsARequest: 1, requests: 400 },
  'one flight a request, 64 connections': { clients: 64, flightsARequest: 1, requests: 600 },
  '1,000 flights a request, 1 connection': { clients: 1, flightsARequest: 1_000, requests: 5 },
};

interface Sample {
  perSecond: number;
  p50: number;
  p99: number;
  cpuMicroseconds: number;
}

export async function requestsTable(): Promise<void> {
  const { modelsDir, remove } = trainModel();
  try {
    for (const backend of await usableBackends()) await measure(backend, modelsDir);
  } finally {
    remove();
  }
}

async function measure(backend: string, modelsDir: string): Promise<void> {
  const servers = new Map<string, ServerProcess>();
  for (const variant of Object.keys(VARIANTS))
    servers.set(variant, await startServer(variant, backend, modelsDir));
  for (const { url } of servers.values())
    for (const clients of [16, 1])
      await load(url, { clients, flightsARequest: 1, requests: WARM_UP_REQUESTS });
  for (const [title, work] of Object.entries(WORKS))
    print(`${backend}: ${title}`, await rounds(servers, work));
  const batched = await servers.get('micro-batch')?.usage();
  const megabytes = (bytes = NaN) => `${(bytes / 1e6).toFixed(0)} MB`;
  console.log(
    `the micro-batching server holds ${megabytes(batched?.heapBytes)} of heap, ${megabytes(batched?.residentBytes)} resident`,
  );
  for (const server of servers.values()) server.end();
}

async function rounds(
  servers: ReadonlyMap<string, ServerProcess>,
  work: Work,
): Promise<Map<string, Sample[]>> {
  const names = [...servers.keys()];
  const samples = new Map<string, Sample[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    const first = round % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)])
      samples.get(name)?.push(await sample(servers.get(name)!, work));
  }
  return samples;
}

async function sample(server: ServerProcess, work: Work): Promise<Sample> {
  const before = await server.usage();
  const { requestsPerSecond, p50Milliseconds, p99Milliseconds, refused } = await load(server.url, work);
  if (refused > 0) throw new Error(`bench: expected every request to be answered, ${refused} were refused`);
  const after = await server.usage();
  const flights = work.requests * work.flightsARequest;
  return {
    perSecond: requestsPerSecond * work.flightsARequest,
    p50: p50Milliseconds,
    p99: p99Milliseconds,
    cpuMicroseconds: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / flights,
  };
}

function print(title: string, samples: ReadonlyMap<string, Sample[]>): void {
  console.log(`\n${title.padEnd(TITLE_WIDTH)}predictions/s  ratio   p50 ms   p99 ms  CPU µs each  ratio`);
  const base = [...samples.values()][0] ?? [];
  for (const [name, taken] of samples) {
    const of = (key: keyof Sample) => median(taken.map((each) => each[key]));
    const ratio = (key: keyof Sample) =>
      median(taken.map((each, round) => each[key] / (base[round]?.[key] ?? NaN)));
    const cells = [
      of('perSecond').toFixed(0).padStart(13),
      ratio('perSecond').toFixed(2).padStart(7),
      of('p50').toFixed(1).padStart(9),
      of('p99').toFixed(1).padStart(9),
      of('cpuMicroseconds').toFixed(0).padStart(13),
      ratio('cpuMicroseconds').toFixed(2).padStart(7),
    ];
    console.log(`  ${name}`.padEnd(TITLE_WIDTH) + cells.join(''));
  }
}
