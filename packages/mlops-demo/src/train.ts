/**
 * Stage 6, train: fit the network to the training rows.
 *
 * in:  FeatureTable, TrainOptions → out: DelayModel and the mean loss of every epoch
 *
 * Rule: log loss, Adam, batches in a seeded order. The learning rate falls from epoch to epoch as a cosine does, so
 * the last steps are small and two seeds end close to each other.
 *
 * When it misleads: the loss here is of rows the model has seen. Whether it is any good is for `evaluate` to say.
 *
 * Why not `fit`: its shuffle cannot be seeded. With own batches the weights are the same, bit for bit, on the same backend.
 *
 * Source: Kingma & Ba, "Adam" (2015); Loshchilov & Hutter, "SGDR" (2017) for the cosine.
 */
import * as tf from '@tensorflow/tfjs';
import type { FeatureTable, Progress } from './features.js';
import { FEATURE_COUNT } from './features/names.js';
import { createNetwork, fitNormaliser, normalise } from './model.js';
import type { DelayModel } from './model.js';
import { seedRandom, shuffle } from './seeded-random.js';

/** What determines training, besides the rows. */
export interface TrainOptions {
  seed: number;
  epochs: number;
}

/** The trained model. */
export interface Trained {
  model: DelayModel;
  /** Mean log loss of each epoch, over the training rows. */
  losses: number[];
  because: string;
}

const BATCH_ROWS = 1024;
const LEARNING_RATE = 0.005;

/** Trains a new network. */
export async function train(
  table: FeatureTable,
  options: TrainOptions,
  progress?: Progress,
): Promise<Trained> {
  const normaliser = fitNormaliser(table.rows);
  const rows = normalise(table.rows, normaliser);
  const network = createNetwork(options.seed);
  const optimizer = tf.train.adam(LEARNING_RATE);
  network.compile({ optimizer, loss: 'binaryCrossentropy' });

  const order = Uint32Array.from(table.labels.keys());
  const random = seedRandom(options.seed);
  const batches = Math.ceil(order.length / BATCH_ROWS);
  const losses: number[] = [];
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    let lossSum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const step = epoch * batches + batch;
      setLearningRate(optimizer, learningRateAt(step / (options.epochs * batches)));
      const chosen = order.subarray(batch * BATCH_ROWS, (batch + 1) * BATCH_ROWS);
      lossSum += (await trainBatch(network, rows, table.labels, chosen)) * chosen.length;
      progress?.(epoch * order.length + (batch + 1) * BATCH_ROWS, options.epochs * order.length);
    }
    losses.push(lossSum / order.length);
  }
  optimizer.dispose();
  const [first = NaN] = losses;
  const last = losses.at(-1) ?? NaN;
  const taught = `${options.epochs} epochs over ${order.length.toLocaleString('en-US')} flights`;
  return {
    model: { network, normaliser },
    losses,
    because: `${taught}: log loss ${first.toFixed(4)} → ${last.toFixed(4)}`,
  };
}

/** The learning rate when this share of the steps is done. */
export function learningRateAt(done: number): number {
  return (LEARNING_RATE * (1 + Math.cos(Math.PI * done))) / 2;
}

async function trainBatch(
  network: tf.Sequential,
  rows: Float32Array,
  labels: Uint8Array,
  chosen: Uint32Array,
): Promise<number> {
  const inputs = new Float32Array(chosen.length * FEATURE_COUNT);
  const targets = new Float32Array(chosen.length);
  for (const [at, row] of chosen.entries()) {
    inputs.set(rows.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT), at * FEATURE_COUNT);
    targets[at] = labels[row]!;
  }
  const x = tf.tensor2d(inputs, [chosen.length, FEATURE_COUNT]);
  const y = tf.tensor2d(targets, [chosen.length, 1]);
  const loss = await network.trainOnBatch(x, y);
  tf.dispose([x, y]);
  return Array.isArray(loss) ? loss[0]! : loss;
}

/** tfjs has no schedules, and declares the rate that Adam reads at every step as protected. */
function setLearningRate(optimizer: tf.AdamOptimizer, learningRate: number): void {
  Object.assign(optimizer, { learningRate });
}
