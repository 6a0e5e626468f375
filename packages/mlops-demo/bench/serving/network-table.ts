/**
 * Table `network`: what a pass of rows through the network costs, on each backend, beside three loops over typed arrays.
 *
 * Rule: many passes, the backends in turn, the median of the rounds. Features are made up: the network does not care.
 * When it misleads: in a loop of nothing else every cache is warm. The table `serving` has the rest of a request around it.
 */
import { chooseBackend, FEATURE_COUNT } from 'mlops-demo';
import { createNetwork, explain, loadNetwork, saveNetwork, scoreBatch, seedRandom } from 'mlops-demo/serving';
import { usableBackends } from './backends.js';
import { forwardPassOf } from './forward-pass.js';
import { median } from './median.js';

const ROWS = [1, 64, 1_000];
const ROUNDS = 15;
/** Long enough to time, short enough that a neighbour's work falls on several rounds. */
const ROUND_MS = 20;

export async function networkTable(): Promise<void> {
  const random = seedRandom(1);
  const rows = Float32Array.from({ length: 1_000 * FEATURE_COUNT }, () => (random() - 0.5) * 10);
  const normaliser = {
    means: Array.from({ length: FEATURE_COUNT }, () => 0),
    deviations: Array.from({ length: FEATURE_COUNT }, () => 2),
  };
  const backends = await usableBackends();
  const files = await saveNetwork(createNetwork(1));
  const passes = new Map<string, (rows: Float32Array) => Float32Array>();
  for (const backend of backends) {
    await chooseBackend(backend);
    const model = { network: await loadNetwork(files), normaliser };
    if (passes.size === 0) passes.set('typed arrays', forwardPassOf(model));
    passes.set(backend, (some) => scoreBatch(model, some));
    passes.set(`explain, ${backend}`, (some) =>
      Float32Array.from(explain(model, some), ({ probability }) => probability),
    );
  }
  console.log('\nthe network alone: µs a row at 1, 64 and 1,000 rows a pass, and times the typed arrays');
  const limit: number[] = [];
  for (const [name, pass] of passes) {
    const backend = backends.find((each) => name.endsWith(each));
    if (backend !== undefined) await chooseBackend(backend);
    const cells = ROWS.filter((count) => count < 1_000 || !name.startsWith('explain')).map(
      (count, column) => {
        const some = rows.subarray(0, count * FEATURE_COUNT);
        const cost = median(
          Array.from({ length: ROUNDS }, () => microsecondsARow(pass, some, count, ROUND_MS)),
        );
        limit[column] ??= cost;
        return `${cost.toFixed(1).padStart(10)} (${(cost / limit[column]).toFixed(1)})`.padStart(20);
      },
    );
    console.log(name.padEnd(20) + cells.join(''));
  }
}

/** What a row costs in passes of `count` rows that follow each other for so long. */
export function microsecondsARow(
  pass: (rows: Float32Array) => Float32Array,
  rows: Float32Array,
  count: number,
  milliseconds: number,
): number {
  const startedAt = performance.now();
  let [passes, took] = [0, 0];
  while (took < milliseconds) {
    pass(rows);
    passes += 1;
    took = performance.now() - startedAt;
  }
  return (took * 1_000) / (passes * count);
}
