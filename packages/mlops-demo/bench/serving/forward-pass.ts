/**
 * Forward pass: the same network as three loops over typed arrays, and nothing else: the limit for everything that serves it.
 *
 * in:  a loaded model → out: a function from rows of features to risks, equal to `scoreBatch` up to rounding
 */
import type * as tf from '@tensorflow/tfjs';
import { normalise } from 'mlops-demo/serving';
import type { DelayModel } from 'mlops-demo/serving';

interface Dense {
  /** One input's weights after the other. */
  kernel: Float32Array;
  bias: Float32Array;
}

export function forwardPassOf({ network, normaliser }: DelayModel): (rows: Float32Array) => Float32Array {
  const layers = network.layers.filter((layer) => layer.getWeights().length === 2).map(denseOf);
  const [first] = layers;
  const inputs = (first?.kernel.length ?? 0) / (first?.bias.length ?? 1);
  return (rows) => {
    const count = rows.length / inputs;
    let values = normalise(rows, normaliser);
    for (const [index, layer] of layers.entries())
      values = forward(values, count, layer, index < layers.length - 1);
    return values.map((logit) => 1 / (1 + Math.exp(-logit)));
  };
}

function denseOf(layer: tf.layers.Layer): Dense {
  const [kernel, bias] = layer.getWeights().map((weights) => weights.dataSync<'float32'>());
  return { kernel: kernel!, bias: bias! };
}

function forward(
  values: Float32Array,
  count: number,
  { kernel, bias }: Dense,
  isHidden: boolean,
): Float32Array {
  const [units, inputs] = [bias.length, kernel.length / bias.length];
  const out = new Float32Array(count * units);
  for (let row = 0; row < count; row++) {
    const at = row * units;
    out.set(bias, at);
    for (let input = 0; input < inputs; input++) {
      const value = values[row * inputs + input]!;
      if (value === 0) continue;
      const weights = input * units;
      for (let unit = 0; unit < units; unit++) out[at + unit]! += value * kernel[weights + unit]!;
    }
    if (isHidden) for (let unit = at; unit < at + units; unit++) out[unit] = Math.max(0, out[unit]!);
  }
  return out;
}
