/**
 * Self-similarity: has this series been in such a state before?
 *
 * in: one value → out: the distance to the most similar earlier moment, for a short, a middle and a long context
 *
 * Rule: for each lag g, S(g) ← keep × S(g) + (1 − keep) × (x[t] − x[t − g])². S(g) compares the latest values with those of g
 * steps ago, the newest counting most. The distance is √ min S(g) over all lags. What came back after a day, a week or at no
 * fixed time is near; so are a level that was there before and a slope seen before. What is far is new.
 * Keep 0.3, 0.5 and 0.7 look back over about 1.4, 2 and 3.3 values.
 * When it misleads: an anomaly seen a second time within the memory is nothing new; something missing looks like any other
 * quiet moment (that is what season.ts is for); a trend is always new.
 * Source: the left matrix profile (nearest neighbour among earlier windows; Yeh et al., ICDM 2016) with windows that fade in
 * place of windows that end: then each lag costs one multiplication a value, whatever the length of the context.
 *
 *   // 1 2 3 1 2 3 1 2 9: the 9 is far from every earlier value → about 5; the 2 before it has come back → about 0
 */
import { RecentValues } from './recent-values.js';

export const CONTEXTS = { short: 0.3, middle: 0.5, long: 0.7 } as const;
/** Three and a half days at one value in five minutes: a few seasons, and still cheap. */
export const LAGS = 1_000;
/** Keeps what fades above the smallest normal number: arithmetic below it is a hundred times slower. */
const NOT_DENORMAL = 1e-280;

export interface Distances {
  short: number;
  middle: number;
  long: number;
}

export class SelfSimilarity {
  private readonly recent = new RecentValues(LAGS);
  private readonly short = new Float64Array(LAGS + 1);
  private readonly middle = new Float64Array(LAGS + 1);
  private readonly long = new Float64Array(LAGS + 1);
  private readonly distances: Distances = { short: 0, middle: 0, long: 0 };

  /** @returns the same object at every call: a new one for each of millions of values would cost more than the rest */
  next(value: number): Readonly<Distances> {
    const { recent, short, middle, long, distances } = this;
    const { values, end, length } = recent;
    let [shortest, middlest, longest] = [Infinity, Infinity, Infinity];
    for (let lag = 1; lag <= length; lag += 1) {
      const difference = value - values[end - lag]!;
      const square = difference * difference + NOT_DENORMAL;
      const s = (short[lag] = CONTEXTS.short * short[lag]! + (1 - CONTEXTS.short) * square);
      const m = (middle[lag] = CONTEXTS.middle * middle[lag]! + (1 - CONTEXTS.middle) * square);
      const l = (long[lag] = CONTEXTS.long * long[lag]! + (1 - CONTEXTS.long) * square);
      // Math.min has no branch to mispredict: twice as fast here as an if.
      shortest = Math.min(shortest, s);
      middlest = Math.min(middlest, m);
      longest = Math.min(longest, l);
    }
    recent.push(value);
    distances.short = length === 0 ? 0 : Math.sqrt(shortest);
    distances.middle = length === 0 ? 0 : Math.sqrt(middlest);
    distances.long = length === 0 ? 0 : Math.sqrt(longest);
    return distances;
  }

  /** What followed the most similar moment before the newest value: what one would have expected in its place. */
  expected(): number {
    const { recent, middle } = this;
    const newest = recent.ago(1);
    let [best, expected] = [Infinity, newest];
    for (let lag = 1; lag < recent.length; lag += 1) {
      const then = recent.ago(lag + 1);
      const before = middle[lag]! - (1 - CONTEXTS.middle) * (newest - then) ** 2;
      if (before < best) [best, expected] = [before, then];
    }
    return expected;
  }
}
