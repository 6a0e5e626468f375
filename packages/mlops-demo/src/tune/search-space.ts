/**
 * The search space: which hyperparameters are tried.
 *
 * in:  a seeded chance → out: Hyperparameters
 *
 * Rule: layers and batch from a short list, the learning rate evenly on a logarithmic scale from .0005 to .02. Random points and no grid:
 * where one of three matters, a grid tries few values of it.
 *
 * Source: Bergstra & Bengio, "Random Search for Hyper-Parameter Optimization" (2012).
 */
import type { Random } from '../seeded-random.js';
import type { Hyperparameters } from '../train.js';

const HIDDEN_UNITS = [[16], [64], [32, 16], [64, 32], [128, 64]] as const;
const BATCH_ROWS = [256, 512, 1024, 2048] as const;
const LEARNING_RATES = [0.0005, 0.02] as const;

export function sampleHyperparameters(random: Random): Hyperparameters {
  const [low, high] = LEARNING_RATES;
  return {
    hiddenUnits: oneOf(HIDDEN_UNITS, random),
    learningRate: low * (high / low) ** random(),
    batchRows: oneOf(BATCH_ROWS, random),
  };
}

function oneOf<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)]!;
}
