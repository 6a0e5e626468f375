/**
 * What a run works on: which days to learn from, which to be tested on, how much, and with which seed.
 *
 * in:  the day the model may know (`through`), or the whole file
 * out: Plan
 *
 * Rule: 14 days of warm-up (the learned timetable), then the training days, then the test days. Test days always come after
 * training days: a random split would let the model see the weather it is tested on.
 *
 * Example: fastPlan() → reads 1 to 31 January, teaches 15 to 24, examines 25 to 31
 */
import type { TimetableKind } from './features/timetable-choice.js';
import { dateOf, dayNumber } from './flights.js';
import { GATE_LIMITS } from './gate.js';
import type { GateLimits } from './gate.js';
import type { Expectations } from './validate.js';

/** A span of local days, both ends included. */
export interface Days {
  from: string;
  through: string;
}

/** A named span of days to be tested on. */
export interface TestPeriod extends Days {
  period: string;
}

/** Everything that determines a run. The same plan on the same data gives the same model. */
export interface Plan {
  read: Days & { airports?: readonly string[] };
  train: Days;
  tests: readonly TestPeriod[];
  /** The last day the registered model knows of. */
  dataThrough: string;
  /** At most this many training rows, sampled. */
  trainRows: number | 'all';
  epochs: number;
  /** Frozen: the timetable is fitted in training and belongs to the model. Nightly: learned anew every night. */
  timetable: TimetableKind;
  seed: number;
  expectations: Expectations;
  limits: GateLimits;
}

/** What the command line may change. */
export interface PlanOptions {
  through?: string;
  seed?: number;
  rows?: Plan['trainRows'];
  timetable?: TimetableKind;
  airports?: readonly string[];
}

const WARM_UP_DAYS = 14;
const TRAIN_DAYS = 10;
const TEST_DAYS = 7;
/** The quietest and busiest day of the file, 14,267 and 17,548 flights, with a margin. */
const FLIGHTS_PER_DAY = [13_000, 19_000] as const;
const FIRST_DAY = '2001-01-01';
const LAST_DAY = '2001-06-30';
const FIRST_TAUGHT = '2001-01-15';

/** A model in seconds: the 31 days up to `through`. */
export function fastPlan(options: PlanOptions = {}): Plan {
  const through = options.through ?? '2001-01-31';
  const last = dayNumber(through);
  const trainThrough = last - TEST_DAYS;
  const trainFrom = trainThrough - TRAIN_DAYS + 1;
  const from = trainFrom - WARM_UP_DAYS;
  if (from < dayNumber(FIRST_DAY) || last > dayNumber(LAST_DAY)) {
    const least = dateOf(dayNumber(FIRST_DAY) + WARM_UP_DAYS + TRAIN_DAYS + TEST_DAYS - 1);
    throw new RangeError(`expected a day from ${least} to ${LAST_DAY}, got ${through}`);
  }
  return {
    read: { from: dateOf(from), through, ...only(options) },
    train: { from: dateOf(trainFrom), through: dateOf(trainThrough) },
    tests: [{ period: `week to ${through}`, from: dateOf(trainThrough + 1), through }],
    dataThrough: through,
    trainRows: options.rows ?? 100_000,
    epochs: 6,
    timetable: options.timetable ?? 'frozen',
    seed: options.seed ?? 1,
    expectations: options.airports ? {} : { flightsPerDay: FLIGHTS_PER_DAY },
    limits: GATE_LIMITS,
  };
}

/** The whole file: trained from mid-January to April, tested on May and on June. With a day, up to it, tested on its week. */
export function fullPlan(options: PlanOptions = {}): Plan {
  const { train, tests, dataThrough } =
    options.through === undefined ? MONTHS_OF_FILE : longestUntil(options.through);
  return {
    // Six flights carry the date 1 July: after midnight, so validation will quarantine them.
    read: { from: FIRST_DAY, through: options.through ?? '2001-07-01', ...only(options) },
    train,
    tests,
    dataThrough,
    trainRows: options.rows ?? 600_000,
    epochs: 6,
    timetable: options.timetable ?? 'frozen',
    seed: options.seed ?? 1,
    expectations: options.airports ? {} : { flightsPerDay: FLIGHTS_PER_DAY },
    limits: GATE_LIMITS,
  };
}

const MONTHS_OF_FILE = {
  train: { from: FIRST_TAUGHT, through: '2001-04-30' },
  tests: [
    { period: 'May', from: '2001-05-01', through: '2001-05-31' },
    { period: 'June', from: '2001-06-01', through: LAST_DAY },
  ],
  dataThrough: LAST_DAY,
} satisfies Partial<Plan>;

function longestUntil(through: string): Pick<Plan, 'train' | 'tests' | 'dataThrough'> {
  const plan = fastPlan({ through });
  return { ...plan, train: { ...plan.train, from: FIRST_TAUGHT } };
}

function only({ airports }: PlanOptions): { airports?: readonly string[] } {
  return airports === undefined ? {} : { airports };
}
