/**
 * The delay-risk model: a small network and the normaliser it was trained with.
 *
 * in:  rows of 27 raw features, one after the other in a Float32Array
 * out: for each row P(delay ≥ 15 minutes)
 *
 * Rule: z = (x − mean) / deviation; two hidden layers (64 and 32, ReLU); a sigmoid; then the calibration (train/platt-scaling.ts).
 *
 * When it misleads: a feature far outside of what training saw is clipped at ±8 deviations: the answer stays finite, not right.
 *
 * Source: layers measured on flights-3m, see the README. Saved in the TensorFlow.js layers format, which every backend loads.
 */
import * as tf from '@tensorflow/tfjs';
import { FEATURE_COUNT } from './features/names.js';
import { calibrate, UNCALIBRATED } from './train/platt-scaling.js';
import type { Calibration } from './train/platt-scaling.js';

/** Means and deviations of the training rows. */
export interface Normaliser {
  means: number[];
  deviations: number[];
}

/** What is needed to score. */
export interface DelayModel {
  network: tf.LayersModel;
  normaliser: Normaliser;
  /** Brings the network's risks to where the late shares are; without one they stay as they are. */
  calibration?: Calibration;
}

/** A network as the two files of the TensorFlow.js layers format. */
export interface NetworkFiles {
  'model.json': Uint8Array;
  'weights.bin': Uint8Array;
}

interface LayersFormat {
  modelTopology: tf.io.ModelArtifacts['modelTopology'];
  weightsManifest: { paths: string[]; weights: tf.io.WeightsManifestEntry[] }[];
}

/** Measured: one layer or fewer units lose, more gain nothing. `mlops tune` tries others. */
export const HIDDEN_UNITS: readonly number[] = [64, 32];
const CLIP_DEVIATIONS = 8;
/** Rows scored in one go: more gains nothing, and memory stays small. */
const ROWS_PER_CHUNK = 8192;

/** A new network. The same seed gives the same weights. */
export function createNetwork(
  seed: number,
  hiddenUnits: readonly number[] = HIDDEN_UNITS,
  inputs: number = FEATURE_COUNT,
): tf.Sequential {
  const glorot = (layer: number): ReturnType<typeof tf.initializers.glorotUniform> =>
    tf.initializers.glorotUniform({ seed: seed * 10 + layer });
  const network = tf.sequential({ name: 'delay-risk' });
  network.add(tf.layers.inputLayer({ name: 'features', inputShape: [inputs] }));
  for (const [index, units] of hiddenUnits.entries()) {
    network.add(
      tf.layers.dense({
        name: `hidden-${index + 1}`,
        units,
        activation: 'relu',
        kernelInitializer: glorot(index),
      }),
    );
  }
  network.add(
    tf.layers.dense({
      name: 'risk',
      units: 1,
      activation: 'sigmoid',
      kernelInitializer: glorot(hiddenUnits.length),
    }),
  );
  return network;
}

/** The rows as the network reads them. */
export function normalise(rows: Float32Array, { means, deviations }: Normaliser): Float32Array {
  const normalised = new Float32Array(rows.length);
  let at = 0;
  while (at < rows.length) {
    for (let column = 0; column < means.length; column++, at++) {
      const z = (rows[at]! - means[column]!) / deviations[column]!;
      normalised[at] = Math.min(Math.max(z, -CLIP_DEVIATIONS), CLIP_DEVIATIONS);
    }
  }
  return normalised;
}

/** The risk of each row. Throws when the table does not consist of whole rows. */
export function scoreBatch(model: DelayModel, rows: Float32Array): Float32Array {
  const inputs = model.normaliser.means.length;
  if (rows.length % inputs !== 0) {
    throw new RangeError(`scoreBatch: expected rows of ${inputs} numbers, got ${rows.length} numbers`);
  }
  const risks = new Float32Array(rows.length / inputs);
  for (let from = 0; from < risks.length; from += ROWS_PER_CHUNK) {
    const chunk = rows.subarray(from * inputs, (from + ROWS_PER_CHUNK) * inputs);
    risks.set(scoreChunk(model, chunk), from);
  }
  return risks;
}

function scoreChunk(model: DelayModel, rows: Float32Array): Float32Array {
  return tf.tidy(() => {
    const input = tf.tensor2d(normalise(rows, model.normaliser), [
      rows.length / model.normaliser.means.length,
      model.normaliser.means.length,
    ]);
    const output = model.network.predictOnBatch(input);
    if (Array.isArray(output)) throw new TypeError('scoreBatch: expected a network with one output');
    return calibrate(output.dataSync<'float32'>(), model.calibration ?? UNCALIBRATED);
  });
}

/** What its weights and biases take in memory. */
export function weightBytes({ network }: DelayModel): number {
  return network.countParams() * Float32Array.BYTES_PER_ELEMENT;
}

/** The network as files. */
export async function saveNetwork(network: tf.LayersModel): Promise<NetworkFiles> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await network.save(
    tf.io.withSaveHandler((saved) => {
      artifacts = saved;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const },
      });
    }),
  );
  if (artifacts?.weightData === undefined || Array.isArray(artifacts.weightData)) {
    throw new TypeError('saveNetwork: expected the weights in one piece');
  }
  const format: LayersFormat = {
    modelTopology: artifacts.modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: artifacts.weightSpecs ?? [] }],
  };
  const description = { format: 'layers-model', generatedBy: 'TensorFlow.js', convertedBy: null, ...format };
  return {
    'model.json': new TextEncoder().encode(JSON.stringify(description)),
    'weights.bin': new Uint8Array(artifacts.weightData),
  };
}

/** The network out of its files, on whatever backend is set. */
export async function loadNetwork(files: NetworkFiles): Promise<tf.LayersModel> {
  const format = JSON.parse(new TextDecoder().decode(files['model.json'])) as LayersFormat;
  const weightSpecs = format.weightsManifest.flatMap((group) => group.weights);
  const weightData = new Uint8Array(files['weights.bin']).buffer;
  return tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology: format.modelTopology!, weightSpecs, weightData }),
  );
}
