/**
 * Stage 6, train: fit the network to the training rows.
 *
 * in:  a FeatureTable or other TrainingRows, TrainOptions → out: DelayModel, the losses of every epoch
 *
 * Rule: the newest days are held out (train/hold-out.ts). The rest teaches: log loss, Adam, batches in a seeded order, a learning rate that falls
 * as a cosine does. After each epoch the held-out rows are scored; training stops when they get worse, and goes back to the
 * last good epoch's weights. From the same rows the calibration is fitted.
 *
 * When it misleads: the held-out rows choose the epoch and the calibration, so their loss is no examination. That is for `evaluate`.
 *
 * Why not `fit`: its shuffle cannot be seeded. With own batches the weights are the same, bit for bit, on the same backend, whether the
 * rows come from memory or from disk.
 *
 * Source: Kingma & Ba, "Adam" (2015); Loshchilov & Hutter, "SGDR" (2017) for the cosine.
 */
import * as tf from '@tensorflow/tfjs';
import { logLoss } from './evaluation/log-loss.js';
import type { Progress } from './features/event-pass.js';
import type { FeatureTable } from './features.js';
import { createNetwork, HIDDEN_UNITS, normalise, scoreBatch } from './model.js';
import type { DelayModel, Normaliser } from './model.js';
import { seedRandom } from './seeded-random.js';
import { EarlyStopping } from './train/early-stopping.js';
import { fitNormaliser } from './train/fit-normaliser.js';
import { holdOut } from './train/hold-out.js';
import { fitPlattScaling } from './train/platt-scaling.js';
import { batchesOf, shuffledBatches } from './train/shuffled-batches.js';
import { readable, scoreRows } from './train/training-rows.js';
import type { Stretch, TrainingRows } from './train/training-rows.js';

/** What `mlops tune` searches. */
export interface Hyperparameters {
  hiddenUnits: readonly number[];
  learningRate: number;
  batchRows: number;
}

/** What determines training, besides the rows. */
export interface TrainOptions {
  seed: number;
  /** At most. */
  epochs: number;
  hyperparameters?: Hyperparameters;
  /** Fine-tuning: go on from here instead of from chance. */
  start?: DelayModel;
  /** Told the held-out loss after each epoch; answers whether to go on. */
  goOn?: (epoch: number, heldOutLoss: number) => Promise<boolean>;
}

/** The trained model. */
export interface Trained {
  model: DelayModel;
  /** Mean log loss of each epoch, over the rows that teach. */
  losses: number[];
  /** Log loss of the rows held out, after each epoch. */
  heldOutLosses: number[];
  /** The epoch whose weights were kept, from 1 on. */
  bestEpoch: number;
  because: string;
}

export const HYPERPARAMETERS: Hyperparameters = {
  hiddenUnits: HIDDEN_UNITS,
  learningRate: 0.005,
  batchRows: 1024,
};
const PATIENCE_EPOCHS = 2;

/** Trains a new network, or goes on with one. */
export async function train(
  table: TrainingRows | FeatureTable,
  options: TrainOptions,
  progress?: Progress,
): Promise<Trained> {
  const source = readable(table);
  const { taught, heldOutDays } = holdOut(source.days);
  const heldOutLabels = source.labels.subarray(taught);
  const scoreHeldOut = (model: DelayModel): Float32Array =>
    scoreRows(source, (rows) => scoreBatch(model, rows), taught);
  const hyperparameters = options.hyperparameters ?? HYPERPARAMETERS;
  const normaliser = options.start?.normaliser ?? fitNormaliser(source, taught);
  const network = createNetwork(options.seed, hyperparameters.hiddenUnits, source.inputs);
  if (options.start !== undefined) network.setWeights(options.start.network.getWeights());
  const optimizer = tf.train.adam(hyperparameters.learningRate);
  network.compile({ optimizer, loss: 'binaryCrossentropy' });

  const random = seedRandom(options.seed);
  const steps = options.epochs * batchesOf(taught, hyperparameters.batchRows);
  const losses: number[] = [];
  const heldOutLosses: number[] = [];
  const stopping = new EarlyStopping(PATIENCE_EPOCHS);
  let best: tf.Tensor[] = [];
  let bestEpoch = 0;
  let step = 0;
  for (let epoch = 1; epoch <= options.epochs; epoch++) {
    let lossSum = 0;
    let seen = 0;
    for (const batch of shuffledBatches(source, taught, hyperparameters.batchRows, random)) {
      setLearningRate(optimizer, learningRateAt(step++ / steps, hyperparameters.learningRate));
      lossSum += (await trainBatch(network, normaliser, batch)) * batch.labels.length;
      seen += batch.labels.length;
      progress?.((epoch - 1) * taught + seen, options.epochs * taught);
    }
    losses.push(lossSum / taught);
    const loss = logLoss(scoreHeldOut({ network, normaliser }), heldOutLabels);
    heldOutLosses.push(loss);
    const after = stopping.after(loss);
    if (after === 'good') {
      tf.dispose(best);
      best = network.getWeights().map((weights) => weights.clone());
      bestEpoch = epoch;
    }
    if (after === 'stop' || (await options.goOn?.(epoch, loss)) === false) break;
  }
  network.setWeights(best);
  tf.dispose(best);
  optimizer.dispose();
  const calibration = fitPlattScaling(scoreHeldOut({ network, normaliser }), heldOutLabels, heldOutDays);
  const model = { network, normaliser, calibration };
  return {
    model,
    losses,
    heldOutLosses,
    bestEpoch,
    because: because(losses, heldOutLosses, bestEpoch, taught),
  };
}

/** The learning rate when this share of the steps is done. */
export function learningRateAt(done: number, largest: number = HYPERPARAMETERS.learningRate): number {
  return (largest * (1 + Math.cos(Math.PI * done))) / 2;
}

async function trainBatch(
  network: tf.Sequential,
  normaliser: Normaliser,
  { rows, labels }: Stretch,
): Promise<number> {
  const x = tf.tensor2d(normalise(rows, normaliser), [labels.length, normaliser.means.length]);
  const y = tf.tensor2d(Float32Array.from(labels), [labels.length, 1]);
  const loss = await network.trainOnBatch(x, y);
  tf.dispose([x, y]);
  return Array.isArray(loss) ? loss[0]! : loss;
}

/** tfjs has no schedules, and declares the rate that Adam reads at every step as protected. */
function setLearningRate(optimizer: tf.AdamOptimizer, learningRate: number): void {
  Object.assign(optimizer, { learningRate });
}

function because(losses: number[], heldOut: number[], best: number, rows: number): string {
  const [first = NaN] = losses;
  const taught = `${losses.length} epochs over ${rows.toLocaleString('en-US')} rows: log loss ${first.toFixed(4)} → ${(losses.at(-1) ?? NaN).toFixed(4)}`;
  return `${taught}, held out ${(heldOut[best - 1] ?? NaN).toFixed(4)} after epoch ${best}`;
}
