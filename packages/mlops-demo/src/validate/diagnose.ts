/**
 * Guesses what happened to a refused batch, and proves the guess: the batch is repaired accordingly and judged again.
 *
 * in:  a refused batch → out: ['the clock is 60 minutes ahead'], or nothing when no repair helps
 *
 * Rule: a guess is told only when the repaired batch passes every expectation. Several may: then all are told.
 *
 * When it misleads: two faults at once hide each other, and a fault in a part of the rows is no fault of the batch. Nothing is ever
 * repaired for use: the batch stays refused.
 */
import type { Airports } from '../airports.js';
import { MISSING } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import { judge } from './judge.js';
import type { Expectations } from './judge.js';

interface Guess {
  because: string;
  repair: (raw: RawFlights) => RawFlights;
}

const MILES_PER_KILOMETRE = 0.621371;
const MILES_PER_NAUTICAL_MILE = 1.150779;

const GUESSES: readonly Guess[] = [
  {
    because: 'delays are in seconds, not in minutes',
    repair: (raw) => ({ ...raw, delayMinutes: scaled(raw.delayMinutes, 1 / 60) }),
  },
  {
    because: 'distances are in kilometres, not in miles',
    repair: (raw) => ({ ...raw, distanceMiles: scaled(raw.distanceMiles, MILES_PER_KILOMETRE) }),
  },
  {
    because: 'distances are in nautical miles, not in statute miles',
    repair: (raw) => ({ ...raw, distanceMiles: scaled(raw.distanceMiles, MILES_PER_NAUTICAL_MILE) }),
  },
  ...[60, -60].map((minutes): Guess => ({
    because: `the clock is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead' : 'behind'}`,
    repair: (raw) => ({ ...raw, localMinutes: shifted(raw.localMinutes, -minutes) }),
  })),
  {
    because: 'origin and destination are swapped',
    repair: (raw) => ({ ...raw, origins: raw.destinations, destinations: raw.origins }),
  },
  {
    because: 'distance and delay are swapped',
    repair: (raw) => ({ ...raw, distanceMiles: raw.delayMinutes, delayMinutes: raw.distanceMiles }),
  },
];

/** The guesses that make the batch pass. */
export function diagnose(raw: RawFlights, airports: Airports, expectations: Expectations): string[] {
  const passes = ({ repair }: Guess): boolean =>
    judge(repair(raw), airports, expectations).checks.every(({ state }) => state !== 'failed');
  return GUESSES.filter(passes).map(({ because }) => because);
}

function scaled(values: Int32Array, factor: number): Int32Array {
  return values.map((value) => (value === MISSING ? MISSING : Math.round(value * factor)));
}

function shifted(values: Int32Array, by: number): Int32Array {
  return values.map((value) => (value === MISSING ? MISSING : value + by));
}
