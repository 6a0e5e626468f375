/**
 * Sides of the drift tables: which flights are compared with which.
 *
 * Rule: the large ones are drawn evenly from before and after 1 April. Days of a week in January, of the storm in February and of the new timetables
 * stand against the week of 25 January: whole, and 500 flights against 1,000 of the week.
 */
import { dateOf, dayNumber, dayOf } from 'mlops-demo';
import type { FlightColumns } from 'mlops-demo/training';
import { columnsOf, positionsOf, writeColumns } from './watched-columns.js';

/** TRIOPS_PEER_ROWS=100000 for a first look: Evidently takes long for a million. */
export const LARGE = Number(process.env['TRIOPS_PEER_ROWS'] ?? 1_000_000);
const SERVER_ROWS = 2_000;
const SMALL = { reference: 1_000, today: 500 };
const WEEK = ['2001-01-25', '2001-01-31'] as const;
const DAYS = [
  ['2001-02-01', 2],
  ['2001-02-23', 4],
  ['2001-03-31', 4],
] as const;

/** Writes the columns of every side; answers the days. */
export function writeSides(folder: string, flights: FlightColumns): string[] {
  const days = DAYS.flatMap(([first, count]) =>
    Array.from({ length: count }, (_, after) => dateOf(dayNumber(first) + after)),
  );
  const [from, through] = WEEK.map(dayNumber);
  const inWeek = (minute: number): boolean => dayOf(minute) >= from! && dayOf(minute) <= through!;
  const spring = dayNumber('2001-04-01');
  const sides = new Map<string, Uint32Array>();
  for (const [name, rows] of [
    ['large', LARGE],
    ['server', SERVER_ROWS],
  ] as const) {
    sides.set(
      `${name}-before`,
      positionsOf(flights, (minute) => dayOf(minute) < spring, rows),
    );
    sides.set(
      `${name}-after`,
      positionsOf(flights, (minute) => dayOf(minute) >= spring, rows),
    );
  }
  sides.set('week', positionsOf(flights, inWeek));
  sides.set('small-week', positionsOf(flights, inWeek, SMALL.reference));
  for (const day of days) {
    const number = dayNumber(day);
    const inDay = (minute: number): boolean => dayOf(minute) === number;
    sides.set(day, positionsOf(flights, inDay));
    sides.set(`small-${day}`, positionsOf(flights, inDay, SMALL.today));
  }
  for (const [side, columns] of columnsOf(flights, sides)) writeColumns(folder, side, columns);
  return days;
}
