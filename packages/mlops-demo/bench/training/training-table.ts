/**
 * Table `training`: rows a second through the network on each backend that works here: forward, backward and the optimiser's step.
 *
 * Rule: two epochs over 60,000 made-up rows of 27 inputs in batches of 1,024, the whole stage (normaliser, held-out rows, calibration).
 * When it misleads: a made-up target is learned in no time; speed does not depend on that.
 */
import { chooseBackend, FEATURE_COUNT } from 'mlops-demo';
import { seedRandom } from 'mlops-demo/serving';
import { train } from 'mlops-demo/training';
import { usableBackends } from '../serving/backends.js';

const ROWS = 60_000;
const EPOCHS = 2;
const DAYS = 10;

export async function trainingTable(): Promise<void> {
  const random = seedRandom(1);
  const rows = Float32Array.from({ length: ROWS * FEATURE_COUNT }, () => random() - 0.5);
  const table = {
    rows,
    positions: Uint32Array.from({ length: ROWS }, (_, row) => row),
    labels: Uint8Array.from({ length: ROWS }, (_, row) =>
      rows[row * FEATURE_COUNT]! + random() > 0.6 ? 1 : 0,
    ),
    days: Uint16Array.from({ length: ROWS }, (_, row) => Math.floor((row * DAYS) / ROWS)),
  };
  console.log('\ntraining: rows/s, and times the slowest');
  const speeds: [string, number][] = [];
  for (const backend of await usableBackends()) {
    await chooseBackend(backend);
    const startedAt = performance.now();
    await train(table, { seed: 1, epochs: EPOCHS });
    speeds.push([backend, (ROWS * EPOCHS * 1000) / (performance.now() - startedAt)]);
  }
  const slowest = Math.min(...speeds.map(([, speed]) => speed));
  for (const [backend, speed] of speeds)
    console.log(
      `${backend.padEnd(12)}${Math.round(speed).toLocaleString('en-US').padStart(10)}/s ${(speed / slowest).toFixed(1)}`,
    );
}
