/**
 * Self-similarity: has this series been in such a state before?
 *
 * Where: the detector of any single series (series-evidence.ts) asks it of each value.
 * in: one value → out: the distance to the most similar earlier moment
 *
 * Rule: for each lag g, S(g) ← S(g) / 2 + (x[t] − x[t − g])². S(g) compares the latest values with those of g steps ago, each
 * counting half of the one after it. The distance is √ min S(g) over all lags. What came back after a day, a week or at no fixed time is
 * near; so are a level that was there before and a slope seen before. What is far is new.
 * When it misleads: an anomaly seen a second time within the memory is nothing new; something missing looks like any other
 * quiet moment (that is what season.ts is for); a trend is always new.
 * Source: the left matrix profile (nearest neighbour among earlier windows; Yeh et al., ICDM 2016) with windows that fade in
 * place of windows that end: then each lag costs one multiplication a value.
 *
 *   // 1 2 3 1 2 3 1 2 9: the 9 is 6 from the nearest earlier value → 6 and more; the 2 before it has come back → about 0
 */
import { RecentValues } from './recent-values.js';

/** Three and a half days at one value in five minutes: a few seasons, and still cheap. */
export const LAGS = 1_000;
/** What the values before the newest count: short contexts come early, long ones see more; contexts of 0.4 to 0.7 do equally well. */
const KEEP = 0.5;
/** Keeps what fades above the smallest normal number: arithmetic below it is a hundred times slower. */
const NOT_DENORMAL = 1e-280;

export class SelfSimilarity {
  readonly recent = new RecentValues(LAGS);
  private readonly sums = new Float64Array(LAGS + 1);

  next(value: number): number {
    const { recent, sums } = this;
    const { values, end, length } = recent;
    let nearest = Infinity;
    for (let lag = 1; lag <= length; lag += 1) {
      const difference = value - values[end - lag]!;
      const sum = KEEP * sums[lag]! + difference * difference + NOT_DENORMAL;
      sums[lag] = sum;
      if (sum < nearest) nearest = sum;
    }
    recent.push(value);
    return length === 0 ? 0 : Math.sqrt(nearest);
  }

  /** What followed the most similar moment before the newest value: what one would have expected in its place. */
  expected(): number {
    const { recent, sums } = this;
    const newest = recent.ago(1);
    let [nearest, expected] = [Infinity, newest];
    for (let lag = 1; lag < recent.length; lag += 1) {
      const then = recent.ago(lag + 1);
      const before = sums[lag]! - (newest - then) ** 2;
      if (before < nearest) [nearest, expected] = [before, then];
    }
    return expected;
  }
}
