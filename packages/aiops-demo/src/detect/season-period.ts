/**
 * Season's period: after how many values does this series repeat itself?
 *
 * in: one value → out: the period in values, or null when there is none to believe in
 *
 * Rule: D(g) = fading mean of |x[t] − x[t − g]|, for every lag g. Beyond the first lag where D reaches its own mean, the smallest D is
 * the season, when it is below half of that mean; of several seasons that fit nearly as well, the first. It is believed
 * when it was found again and again for as long as it lasts.
 * When it misleads: a season longer than 1,000 values goes unseen, and so does a week's rhythm where days are alike enough; a spiky
 * series has seasons of chance, which is why one must be found more than once.
 * Source: average magnitude difference function (Ross et al., IEEE Transactions on ASSP 1974), a pitch detector for voices; its
 * own mean as the bar, and the first dip below a bar, are from YIN (de Cheveigné and Kawahara 2002).
 *
 *   // a wave of 24 values, seen for 500 → 24
 */
import type { RecentValues } from './recent-values.js';
import { LAGS } from './self-similarity.js';

/** A season shows in hundreds of values: comparing every fourth is enough and costs a quarter. */
const COMPARE_EVERY = 4;
/** Looks back over 250 comparisons, 1,000 values. */
const KEEP = 0.996;
/** 50 comparisons: fewer agree by chance. */
const FEWEST_VALUES = 200;
/** A shorter season vanishes in a level of about ten values (series-evidence.ts). */
const SHORTEST = 20;
const LOOK_EVERY = 50;
/** YIN takes 0.1 to 0.2 for voices; telemetry is noisier. */
const CLEAR = 0.5;
/** Two seasons fit as well as one, and by chance a little better. */
const NEARLY = 1.3;
/** Days do not begin to the minute. */
const TOLERANCE = 0.02;

export class SeasonPeriod {
  private readonly values: RecentValues;
  private readonly differences = new Float64Array(LAGS + 1);
  private seen = 0;
  private period: number | null = null;
  private foundAt = 0;

  /** @param values what came before; whoever made it adds to it */
  constructor(values: RecentValues) {
    this.values = values;
  }

  /** Called before `value` is among the recent ones. */
  next(value: number): number | null {
    if (this.seen % COMPARE_EVERY === 0) this.compare(value);
    if (this.seen % LOOK_EVERY === 0) this.look();
    const { period, seen, foundAt } = this;
    this.seen += 1;
    return period !== null && seen - foundAt >= Math.max(period, FEWEST_VALUES) ? period : null;
  }

  private compare(value: number): void {
    const { differences, values } = this;
    for (let lag = 1; lag <= values.length; lag += 1) {
      const difference = value - values.values[values.end - lag]!;
      differences[lag] = KEEP * differences[lag]! + Math.abs(difference);
    }
  }

  private look(): void {
    const found = this.find();
    const { period } = this;
    const isSame = found !== null && period !== null && Math.abs(found - period) <= slackOf(period);
    if (!isSame) this.foundAt = this.seen;
    this.period = found;
  }

  /** Only lags are judged that were compared over a whole season, and often enough. */
  private find(): number | null {
    const longest = Math.min(this.values.length, Math.floor(this.seen / 2), this.seen - FEWEST_VALUES);
    if (longest < SHORTEST) return null;
    const means = this.meanDifferences(longest);
    const bar = means.reduce((sum, mean) => sum + mean, 0) / longest;
    const from = Math.max(
      means.findIndex((mean) => mean >= bar),
      SHORTEST - 1,
    );
    const best = means.subarray(from).reduce((least, mean) => Math.min(least, mean), Infinity);
    if (best >= CLEAR * bar) return null;
    const isNear = (index: number) => means[index]! <= NEARLY * best;
    let index = from;
    while (!isNear(index)) index += 1;
    let bottom = index;
    for (; index < longest && isNear(index); index += 1) if (means[index]! < means[bottom]!) bottom = index;
    return bottom + 1;
  }

  /** Long lags were compared less often: each sum is divided by the weights in it. */
  private meanDifferences(longest: number): Float64Array {
    const comparisonsOf = (lag: number) => Math.ceil((this.seen - lag) / COMPARE_EVERY);
    let faded = KEEP ** comparisonsOf(1);
    return Float64Array.from({ length: longest }, (_, index) => {
      if (comparisonsOf(index + 1) < comparisonsOf(index)) faded /= KEEP;
      return (this.differences[index + 1]! * (1 - KEEP)) / (1 - faded);
    });
  }
}

/** So many values early or late is still the same point of a season. */
export const slackOf = (period: number): number => Math.ceil(TOLERANCE * period);
