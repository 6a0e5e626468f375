/**
 * Which timetable a row is computed with: training rows see tables of all ages, test rows the one that the model will bring along.
 *
 * in:  the plan, a flight → out: FrozenTimetable, or undefined for a nightly one
 *
 * Rule: frozen: a training row of day d reads the table as of d − age, its age a seeded choice of 0 to 27 days, as far as the data
 * reach back; a test row reads the table as of the day after the last training day, which is the one that is registered. Nightly:
 * everyone reads the last 14 days of landings.
 *
 * Why ages: a model serves for weeks with the table it came with. A network that only ever saw fresh tables takes an empty slot
 * for a very late flight. FLIGHTS table "Drift": log loss .376 instead of .442 in the April of new timetables.
 *
 * Example: training from 15 January with data from 1 January: a row of 17 January has a table 0, 1 or 2 days old.
 */
import type { FlightColumns } from '../data/columns.js';
import { dateOf, dayNumber, dayOf } from '../flights.js';
import type { Plan } from '../plan.js';
import { seedRandom } from '../seeded-random.js';
import { fitTimetable } from './fit-timetable.js';
import type { FrozenTimetable } from './frozen-timetable.js';
import { TIMETABLE_DAYS } from './learned-timetable.js';

/** How a model comes to its timetable. */
export const TIMETABLE_KINDS = ['frozen', 'nightly'] as const;
export type TimetableKind = (typeof TIMETABLE_KINDS)[number];

/** The part of a plan that says which timetables are read. */
export type TimetablePlan = Pick<Plan, 'timetable' | 'train' | 'seed'>;

/** The timetable for the flight at a position; undefined: the nightly one. */
export type TimetableFor = (position: number) => FrozenTimetable | undefined;

/** A table is at most this old when a training row reads it. */
const OLDEST_DAYS = 27;
/** Spreads positions over the seeds of their choices. */
const GOLDEN_RATIO = 0x9e3779b1;

/** The first day that the registered timetable knows nothing of. */
export function timetableDay({ train }: TimetablePlan): number {
  return dayNumber(train.through) + 1;
}

/** What a model's manifest says about its timetable. */
export function describeTimetable(plan: TimetablePlan): { kind: TimetableKind; asOf: string } {
  return { kind: plan.timetable, asOf: dateOf(timetableDay(plan)) };
}

/** The choice for test rows. */
export function timetableForTests(flights: FlightColumns, plan: TimetablePlan): TimetableFor {
  if (plan.timetable === 'nightly') return () => undefined;
  const table = fitTimetable(flights, timetableDay(plan));
  return () => table;
}

/** The choice for training rows. Tables are fitted when first asked for and dropped when no later day can ask again. */
export function timetableForTraining(flights: FlightColumns, plan: TimetablePlan): TimetableFor {
  if (plan.timetable === 'nightly') return () => undefined;
  const firstFull = dayOf(flights.localMinutes[0] ?? 0) + TIMETABLE_DAYS;
  const tables = new Map<number, FrozenTimetable>();
  return (position) => {
    const day = dayOf(flights.localMinutes[position]!);
    const ages = Math.min(Math.max(day - firstFull, 0), OLDEST_DAYS) + 1;
    const asOf = day - Math.floor(chance(plan.seed, position) * ages);
    let table = tables.get(asOf);
    if (table === undefined) {
      for (const old of tables.keys()) if (old < day - OLDEST_DAYS - 1) tables.delete(old);
      tables.set(asOf, (table = fitTimetable(flights, asOf)));
    }
    return table;
  };
}

/** Depends on the seed and the flight only, not on which other flights are asked about. */
function chance(seed: number, position: number): number {
  return seedRandom(seed + Math.imul(position + 1, GOLDEN_RATIO))();
}
