/**
 * Challenger plan: what a challenger learns from, when the newest flights matter most.
 *
 * in:  the last day whose flights have landed → out: Plan
 *
 * Rule: three days examine, the fourteen before them teach, and 28 more are read for timetables of all ages. Three days, where the first
 * model has seven: the timetable is as of the first examined day, and after a change of timetables each day more is a day of the new one.
 *
 * When it misleads: three days are little for a gate. That is why shadow and canary come after it.
 *
 * Example: through 8 April → read from 23 February, taught 23 March to 5 April, examined 6 to 8 April, timetable as of 6 April.
 */
import { dateOf, dayNumber } from '../flights.js';
import { fastPlan } from '../plan.js';
import type { Plan } from '../plan.js';

const TEST_DAYS = 3;
const TRAIN_DAYS = 14;
const OLDER_DAYS = 28;
const FIRST_DAY = dayNumber('2001-01-01');

export interface ChallengerOptions {
  seed?: number;
  rows?: number;
}

export function challengerPlan(through: string, options: ChallengerOptions = {}): Plan {
  const last = dayNumber(through);
  const examined = last - TEST_DAYS + 1;
  const taught = examined - TRAIN_DAYS;
  const day = (number: number): string => dateOf(number);
  return {
    ...fastPlan({ ...options, through }),
    read: { from: day(Math.max(taught - OLDER_DAYS, FIRST_DAY)), through },
    train: { from: day(taught), through: day(examined - 1) },
    tests: [{ period: `${TEST_DAYS} days to ${through}`, from: day(examined), through }],
  };
}
