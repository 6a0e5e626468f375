/**
 * Explain: how much of a risk comes from what?
 *
 * in:  a model, and the inputs of a flight
 * out: { probability: 0.62, baseline: 0.14, attributions: { timetable: 0.41, 'airports now': 0.06, … } }; 0.14 + the sum = 0.62
 *
 * Rule: the inputs are grouped into six factors. A factor is in when its inputs are the flight's, and out when they are the means
 * of the training rows; the baseline is the flight with all factors out. The Shapley value of a factor is the mean of what it
 * adds, over all orders in which the factors could come in. With six factors there are 64 combinations, so it is computed
 * exactly, in probabilities, in one pass of 64 rows through whatever network serves; no sampling, no gradient.
 *
 * When it misleads: it explains the model, not the world. A flight with some inputs average and others its own may be
 * one that never was. The baseline is not the mean risk: a network of average inputs does not give its average answer.
 *
 * Source: L. S. Shapley, A value for n-person games (1953); the baseline form in M. Sundararajan and A. Najmi, The many Shapley
 * values for model explanation (ICML 2020). Integrated gradients (ICML 2017) need a gradient, and a path through the sigmoid
 * whose sum is exact only in the limit.
 */
import { FEATURE_COUNT } from '../features/names.js';
import { scoreBatch } from '../model.js';
import type { DelayModel } from '../model.js';
import { FACTORS, FACTOR_INDEX } from './factors.js';
import type { Factor } from './factors.js';
import { shapleyValues } from './shapley-values.js';

const COMBINATIONS = 1 << FACTORS.length;

/** Why one flight has its risk. Points of probability: 0.41 is 41 points. */
export interface Explanation {
  probability: number;
  /** The risk of the flight whose inputs are all average. */
  baseline: number;
  /** The largest first, either way. */
  attributions: { factor: Factor; points: number }[];
  because: string;
}

/** Explains the risk of each row. */
export function explain(model: DelayModel, rows: Float32Array): Explanation[] {
  const flights = rows.length / FEATURE_COUNT;
  const combinations = new Float32Array(flights * COMBINATIONS * FEATURE_COUNT);
  for (let flight = 0; flight < flights; flight++) {
    const row = rows.subarray(flight * FEATURE_COUNT, (flight + 1) * FEATURE_COUNT);
    writeCombinations(row, model.normaliser.means, combinations, flight * COMBINATIONS * FEATURE_COUNT);
  }
  const risks = scoreBatch(model, combinations);
  return Array.from({ length: flights }, (_, flight) =>
    explanationOf(risks.subarray(flight * COMBINATIONS, (flight + 1) * COMBINATIONS)),
  );
}

/** Bit f of a combination's number says whether factor f is in. */
function writeCombinations(
  row: Float32Array,
  means: readonly number[],
  into: Float32Array,
  offset: number,
): void {
  let at = offset;
  for (let combination = 0; combination < COMBINATIONS; combination++) {
    for (let input = 0; input < FEATURE_COUNT; input++, at++) {
      const isIn = ((combination >> FACTOR_INDEX[input]!) & 1) === 1;
      into[at] = isIn ? row[input]! : means[input]!;
    }
  }
}

function explanationOf(risks: Float32Array): Explanation {
  const baseline = risks[0]!;
  const points = shapleyValues(risks);
  const attributions = FACTORS.map((factor, index) => ({ factor, points: points[index]! })).sort(
    (a, b) => Math.abs(b.points) - Math.abs(a.points),
  );
  const parts = attributions.map(({ factor, points }) => `${factor} ${signed(points)}`);
  const because = `an average flight has ${(baseline * 100).toFixed(1)} %; points: ${parts.join(', ')}`;
  return { probability: risks[COMBINATIONS - 1]!, baseline, attributions, because };
}

function signed(points: number): string {
  const rounded = (points * 100).toFixed(1);
  return points > 0 ? `+${rounded}` : rounded.replace('-', '−');
}
