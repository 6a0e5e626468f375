import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import type { BackendName } from '../src/backend.js';
import { FEATURE_COUNT } from '../src/features/names.js';
import { computeFeatures } from '../src/features.js';
import type { FeatureTable } from '../src/features.js';
import { createNetwork, loadNetwork, saveNetwork, scoreBatch } from '../src/model.js';
import type { Normaliser } from '../src/model.js';
import { digestOf } from '../src/registry/store.js';
import { seedRandom } from '../src/seeded-random.js';
import { split } from '../src/split.js';
import { learningRateAt, train } from '../src/train.js';
import { fitNormaliser } from '../src/train/fit-normaliser.js';
import { rowsInMemory } from '../src/train/training-rows.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

/** Rows of chance, a few of them far out. */
function randomRows(count: number): Float32Array {
  const random = seedRandom(3);
  return Float32Array.from({ length: count * FEATURE_COUNT }, () => (random() - 0.5) * 20);
}

const normaliserOf = (rows: Float32Array): Normaliser =>
  fitNormaliser(rowsInMemory({ rows, ...ofNoDay(rows.length / FEATURE_COUNT) }));
const ofNoDay = (count: number) => ({ labels: new Uint8Array(count), days: new Uint16Array(count) });

let table: FeatureTable;
/** Backends beside wasm. The native one is there only where its library could be installed. */
const others: BackendName[] = ['cpu'];
beforeAll(async () => {
  if ((await chooseBackend()).backend === 'tensorflow') others.push('tensorflow');
  await chooseBackend('wasm');
  const flights = await sdfFlights();
  table = computeFeatures(flights, split(flights, { ...SDF_PLAN, trainRows: 3000 }), SDF_PLAN).train;
});

describe('the backend', () => {
  test('is chosen by itself, and says why', async () => {
    const { backend, because } = await chooseBackend();
    expect(['tensorflow', 'wasm']).toContain(backend);
    expect(because.startsWith(`${backend}: `)).toBe(true);
  });

  test('can be insisted on', async () => {
    expect(await chooseBackend('cpu')).toEqual({
      backend: 'cpu',
      because: 'cpu: asked for by TRIOPS_TFJS_BACKEND',
    });
    await chooseBackend('wasm');
  });

  test('that nobody knows is refused', async () => {
    await expect(chooseBackend('quantum')).rejects.toThrow(
      "TRIOPS_TFJS_BACKEND: expected one of tensorflow, wasm, cpu, got 'quantum'",
    );
  });

  test('leaves no listener for crashes behind', () => {
    const added = process
      .listeners('uncaughtException')
      .filter((each) => String(each).includes('ExitStatus'));
    expect(added).toEqual([]);
  });
});

test.each([
  [true, false],
  [false, true],
  [true, true],
])(
  'the wasm product with transposes %s and %s equals that of the plain backend',
  async (transposeA, transposeB) => {
    const product = (): Float32Array =>
      tf.tidy(() => {
        const a = tf.randomNormal(transposeA ? [40, 27] : [27, 40], 0, 1, 'float32', 1);
        const b = tf.randomNormal(transposeB ? [64, 40] : [40, 64], 0, 1, 'float32', 2);
        return tf.matMul(a, b, transposeA, transposeB).dataSync<'float32'>();
      });
    await chooseBackend('cpu');
    const plain = product();
    await chooseBackend('wasm');
    const fast = product();
    expect(Math.max(...fast.map((value, i) => Math.abs(value - (plain[i] ?? NaN))))).toBeLessThan(1e-4);
  },
);

describe('the model', () => {
  test('saved on one backend gives the same risks on every other that works here', async () => {
    const rows = randomRows(100);
    const normaliser = normaliserOf(rows);
    const network = createNetwork(5);
    const onWasm = scoreBatch({ network, normaliser }, rows);
    const files = await saveNetwork(network);
    for (const backend of others) {
      await chooseBackend(backend);
      const here = scoreBatch({ network: await loadNetwork(files), normaliser }, rows);
      const farthest = Math.max(...here.map((risk, i) => Math.abs(risk - (onWasm[i] ?? NaN))));
      expect({ backend, agrees: farthest < 1e-5 }).toEqual({ backend, agrees: true });
    }
    await chooseBackend('wasm');
  });

  test('answers more rows than fit into one chunk as it answers them one by one', () => {
    const rows = randomRows(9000);
    const model = { network: createNetwork(5), normaliser: normaliserOf(rows) };
    const [last] = scoreBatch(model, rows.subarray(-FEATURE_COUNT));
    expect(scoreBatch(model, rows).at(-1)).toBeCloseTo(last ?? NaN, 6);
  });

  test('leaks no tensors while it scores', () => {
    const rows = randomRows(10);
    const model = { network: createNetwork(5), normaliser: normaliserOf(rows) };
    scoreBatch(model, rows);
    const { numTensors } = tf.memory();
    for (let i = 0; i < 20; i++) scoreBatch(model, rows);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test('refuses half a row', () => {
    const model = { network: createNetwork(5), normaliser: normaliserOf(randomRows(2)) };
    expect(() => scoreBatch(model, new Float32Array(30))).toThrow('expected rows of 27 numbers, got 30');
  });
});

describe('training', () => {
  const weights = async (seed: number): Promise<string> => {
    const { model } = await train(table, { seed, epochs: 2 });
    return digestOf((await saveNetwork(model.network))['weights.bin']).sha256;
  };

  test('twice with the same seed gives the same weights, bit for bit; another seed gives others', async () => {
    const first = await weights(1);
    expect(await weights(1)).toBe(first);
    expect(await weights(2)).not.toBe(first);
  });

  test('gets better from epoch to epoch', async () => {
    const { losses } = await train(table, { seed: 1, epochs: 3 });
    expect(losses.toSorted((a, b) => b - a)).toEqual(losses);
  });

  test('takes large steps first and none at the end', () => {
    expect(learningRateAt(0)).toBe(0.005);
    expect(learningRateAt(0.5)).toBeCloseTo(0.0025, 10);
    expect(learningRateAt(1)).toBe(0);
  });
});
