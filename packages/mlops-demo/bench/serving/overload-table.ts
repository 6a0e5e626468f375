/**
 * Table `overload`: how many questions are answered, when far more come than can be.
 *
 * Rule: rounds over all numbers of connections, each as long as the others; a cell is the median of the rounds. `of peak` is the median of
 * the rounds' ratios to the round's largest number of answers.
 * When it misleads: the load has one of the cores. On a machine with more, more are refused.
 */
import { chooseBackend } from 'mlops-demo';
import { flood } from './flood.js';
import type { Flood, FloodWork } from './flood.js';
import { median } from './median.js';
import { trainModel } from './model.js';
import { startServer } from './server.js';

const ROUNDS = 3;
const SECONDS = 4;
const CONNECTIONS = [64, 200, 300, 400, 1_000];
const WORKS: readonly FloodWork[] = [
  ...CONNECTIONS.map((connections) => ({ connections, flightsARequest: 1, seconds: SECONDS })),
  { connections: 100, flightsARequest: 1_000, seconds: SECONDS },
];

export async function overloadTable(): Promise<void> {
  const { backend } = await chooseBackend();
  const { modelsDir, remove } = trainModel();
  try {
    const server = await startServer('micro-batch', backend, modelsDir);
    // The replay of the monitor's reference ends, and passes are compiled.
    await flood(server.url, { connections: 64, flightsARequest: 1, seconds: SECONDS });
    const rounds: Flood[][] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const floods: Flood[] = [];
      for (const work of WORKS) floods.push(await flood(server.url, work));
      rounds.push(floods);
    }
    server.end();
    print(backend, rounds);
  } finally {
    remove();
  }
}

function print(backend: string, rounds: readonly Flood[][]): void {
  console.log(`\n${backend}: connections  flights  answers/s  of peak  refusals/s  resets   p50 ms   p99 ms`);
  for (const [at, { connections, flightsARequest }] of WORKS.entries()) {
    const of = (key: keyof Flood) => median(rounds.map((floods) => floods[at]![key]));
    const ofPeak = median(
      rounds.map((floods) => {
        const single = floods.filter((_, index) => WORKS[index]?.flightsARequest === 1);
        const peak = Math.max(...single.map(({ answersPerSecond }) => answersPerSecond));
        return floods[at]!.answersPerSecond / peak;
      }),
    );
    const cells = [
      String(connections).padStart(backend.length + 13),
      String(flightsARequest).padStart(9),
      of('answersPerSecond').toFixed(0).padStart(11),
      (flightsARequest === 1 ? ofPeak.toFixed(2) : '').padStart(9),
      of('refusalsPerSecond').toFixed(0).padStart(12),
      of('resets').toFixed(0).padStart(8),
      of('p50Milliseconds').toFixed(0).padStart(9),
      of('p99Milliseconds').toFixed(0).padStart(9),
    ];
    console.log(cells.join(''));
  }
}
