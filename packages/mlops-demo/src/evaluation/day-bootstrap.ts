/**
 * Bootstrap by days: how far a number could have come out otherwise, had the test had other days.
 *
 * in:  the day of each row, a statistic of rows with weights
 * out: the interval that holds the middle 95 % of 1,000 repetitions
 *
 * Rule: days are drawn with replacement, as many as there are; every row of a day counts as often as its day was drawn. Rows of a day share
 * the weather, so drawing single rows would promise too much.
 *
 * When it misleads: it covers the choice of days, not that of the seed: two seeds of the same model differ by up to .0034 log loss. Of few
 * days it is too narrow: on normal day effects a mean's interval of seven days lies wholly above the truth in 6 %, not 2.5 %. It describes scores;
 * where something is decided, block-interval.ts does it.
 *
 * Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), ch. 8 (blocks) and 13 (percentile interval).
 */
import { seedRandom } from '../seeded-random.js';

/** The middle 95 %. */
export type Interval = readonly [low: number, high: number];

export interface BootstrapOptions {
  resamples?: number;
  seed?: number;
}

/** Rows with their day as a number from 0 on. */
export interface DayBlocks {
  /** How many days there are. */
  count: number;
  /** The number of each row's day. */
  dayOfRow: Uint16Array;
}

const RESAMPLES = 1_000;
const SEED = 20_010_401;

/** Numbers the days in the order in which they come. */
export function dayBlocks(days: ArrayLike<number>): DayBlocks {
  const numbers = new Map<number, number>();
  const dayOfRow = Uint16Array.from(days, (day) => {
    const known = numbers.get(day) ?? numbers.size;
    numbers.set(day, known);
    return known;
  });
  return { count: numbers.size, dayOfRow };
}

/** The sum of a value over the rows of each day. */
export function sumByDay({ count, dayOfRow }: DayBlocks, valueOf: (row: number) => number): Float64Array {
  const sums = new Float64Array(count);
  for (const [row, day] of dayOfRow.entries()) sums[day]! += valueOf(row);
  return sums;
}

/** The interval of a statistic. It is told how often each day was drawn. */
export function bootstrapByDay(
  { count }: DayBlocks,
  statistic: (drawn: Uint16Array) => number,
  { resamples = RESAMPLES, seed = SEED }: BootstrapOptions = {},
): Interval {
  const random = seedRandom(seed);
  const drawn = new Uint16Array(count);
  const outcomes = Float64Array.from({ length: resamples }, () => {
    drawn.fill(0);
    for (let draw = 0; draw < count; draw++) drawn[Math.floor(random() * count)]!++;
    return statistic(drawn);
  }).sort();
  return [quantile(outcomes, 0.025), quantile(outcomes, 0.975)];
}

/** The sum of values of days, each as often as its day was drawn. */
export function drawnSum(values: Float64Array, drawn: Uint16Array): number {
  let sum = 0;
  for (let day = 0; day < drawn.length; day++) sum += values[day]! * drawn[day]!;
  return sum;
}

/** Linear between neighbours, as NumPy's default. */
function quantile(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const below = ascending[Math.floor(at)]!;
  const above = ascending[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}
