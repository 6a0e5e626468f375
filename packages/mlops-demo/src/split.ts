/**
 * Stage 4, split: which flights teach and which examine.
 *
 * in:  FlightColumns, Plan → out: positions of training rows (a seeded sample) and of each test period
 *
 * Rule: by local day of departure, training before testing. Flights of neither, the warm-up, still feed the features.
 *
 * When it misleads: neighbouring flights share the weather. Never split at random here: the test would be too good.
 *
 * Source: R. J. Hyndman & G. Athanasopoulos, "Forecasting: Principles and Practice" (3rd ed., 2021), 5.8: the test set lies after the training set.
 *
 * Example: the fast plan → 100,000 of 165,000 flights of 15 to 24 January teach, 25 to 31 January examines.
 */
import type { FlightColumns } from './data/columns.js';
import { dayNumber, dayOf } from './flights.js';
import type { Days, Plan } from './plan.js';
import { seedRandom, shuffle } from './seeded-random.js';

/** What determines the split. */
export type SplitPlan = Pick<Plan, 'train' | 'tests' | 'trainRows' | 'seed'>;

/** Positions in the columns, ascending. */
export interface Split {
  train: Uint32Array;
  tests: { period: string; rows: Uint32Array }[];
  because: string;
}

/** Splits the flights by the plan's days. */
export function split(flights: FlightColumns, plan: SplitPlan): Split {
  const candidates = positionsWithin(flights, plan.train);
  const train = sample(candidates, plan.trainRows, plan.seed);
  const tests = plan.tests.map((test) => ({ period: test.period, rows: positionsWithin(flights, test) }));
  const examined = tests.map(({ period, rows }) => `${rows.length.toLocaleString('en-US')} (${period})`);
  const taught = `${train.length.toLocaleString('en-US')} of ${candidates.length.toLocaleString('en-US')} flights`;
  const because = `${taught} from ${plan.train.from} to ${plan.train.through} teach, ${examined.join(' and ')} examine`;
  return { train, tests, because };
}

function positionsWithin(flights: FlightColumns, days: Days): Uint32Array {
  const from = dayNumber(days.from);
  const through = dayNumber(days.through);
  const isWithin = (minutes: number): boolean => dayOf(minutes) >= from && dayOf(minutes) <= through;
  const count = flights.localMinutes.reduce((sum, minutes) => sum + (isWithin(minutes) ? 1 : 0), 0);
  const positions = new Uint32Array(count);
  let next = 0;
  for (const [position, minutes] of flights.localMinutes.entries())
    if (isWithin(minutes)) positions[next++] = position;
  return positions;
}

function sample(positions: Uint32Array, most: number | 'all', seed: number): Uint32Array {
  if (most === 'all' || positions.length <= most) return positions;
  const shuffled = positions.slice();
  shuffle(shuffled, seedRandom(seed));
  return shuffled.subarray(0, most).sort();
}
