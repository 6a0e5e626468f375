/**
 * What every row must hold, in order: a row that does not is quarantined for the first reason that applies.
 *
 * in:  RawFlights and a row → out: the expectation it breaks, or none
 *
 * Rule: each expectation states its kind, what is expected, and the share of rows from which the whole batch is refused.
 *
 * Why hour < 5: departures after midnight carry the scheduled date in this file, so their instant is a day too early. The rule looks
 * at what is known at departure, never at the delay, so it does not choose labels.
 *
 * Source: limits measured on flights-3m, January to June 2001: at most 1.37 % of a day with hour < 5, 191 duplicates in 3,000,000, 50 delays
 * out of range, all distances within 1.4 % of the great circle.
 */
import { zoneOf } from '../airport-time.js';
import type { Airports } from '../airports.js';
import { MISSING } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import { dayNumber, dayOf, minuteOfDay } from '../flights.js';
import { greatCircleMiles } from './great-circle.js';

/** What kind of thing is expected. */
export type RowKind = 'nulls' | 'categories' | 'freshness' | 'range' | 'uniqueness';

/** Why a row is quarantined. */
export type QuarantineReason =
  | 'missing value'
  | 'unknown airport'
  | 'outside the period'
  | 'wrong day'
  | 'impossible delay'
  | 'impossible distance'
  | 'distance off the map'
  | 'exact duplicate';

/** What the expectations look at besides the row. */
export interface RowContext {
  raw: RawFlights;
  zones: readonly (string | undefined)[];
  /** Miles by the coordinates of the two airports. */
  milesBetween: (origin: number, destination: number) => number;
  /** The days that the batch claims to hold, as numbers. */
  days: { from: number; through: number } | undefined;
}

/** One expectation of a row. */
export interface RowExpectation {
  reason: QuarantineReason;
  kind: RowKind;
  expected: string;
  /** The share of the batch from which the whole batch is refused. */
  mostShare: number;
  broken: (row: number, context: RowContext) => boolean;
}

const FIRST_HOUR = 5;
const DELAY_RANGE = [-120, 1200] as const;
const DISTANCE_RANGE = [1, 6000] as const;
const MAP_TOLERANCE = 0.05;

/** The expectations, in the order in which they are tried. */
export const ROW_EXPECTATIONS: readonly RowExpectation[] = [
  {
    reason: 'missing value',
    kind: 'nulls',
    expected: 'date, delay and distance are given',
    mostShare: 0.01,
    broken: (row, { raw }) =>
      raw.localMinutes[row] === MISSING ||
      raw.delayMinutes[row] === MISSING ||
      raw.distanceMiles[row] === MISSING,
  },
  {
    reason: 'unknown airport',
    kind: 'categories',
    expected: 'origin and destination are airports whose place and time zone are known',
    mostShare: 0.01,
    broken: (row, { raw, zones }) => !zones[raw.origins[row]!] || !zones[raw.destinations[row]!],
  },
  {
    reason: 'outside the period',
    kind: 'freshness',
    expected: 'the date is one of the days that the batch is about',
    mostShare: 0.001,
    broken: (row, { raw, days }) =>
      days !== undefined &&
      (dayOf(raw.localMinutes[row]!) < days.from || dayOf(raw.localMinutes[row]!) > days.through),
  },
  {
    reason: 'wrong day',
    kind: 'range',
    expected: `the local hour is at least ${FIRST_HOUR}: earlier departures carry the day before`,
    mostShare: 0.015,
    broken: (row, { raw }) => minuteOfDay(raw.localMinutes[row]!) < FIRST_HOUR * 60,
  },
  {
    reason: 'impossible delay',
    kind: 'range',
    expected: `the delay is ${DELAY_RANGE[0]} to ${DELAY_RANGE[1]} minutes`,
    mostShare: 0.001,
    broken: (row, { raw }) =>
      raw.delayMinutes[row]! < DELAY_RANGE[0] || raw.delayMinutes[row]! > DELAY_RANGE[1],
  },
  {
    reason: 'impossible distance',
    kind: 'range',
    expected: `the distance is ${DISTANCE_RANGE[0]} to ${DISTANCE_RANGE[1]} miles`,
    mostShare: 0.001,
    broken: (row, { raw }) =>
      raw.distanceMiles[row]! < DISTANCE_RANGE[0] || raw.distanceMiles[row]! > DISTANCE_RANGE[1],
  },
  {
    reason: 'distance off the map',
    kind: 'range',
    expected: `the distance is within ${MAP_TOLERANCE * 100} % of the great circle between the airports`,
    mostShare: 0.001,
    broken: (row, { raw, milesBetween }) => {
      const miles = milesBetween(raw.origins[row]!, raw.destinations[row]!);
      return Math.abs(raw.distanceMiles[row]! - miles) > MAP_TOLERANCE * miles;
    },
  },
  {
    reason: 'exact duplicate',
    kind: 'uniqueness',
    expected: 'no two rows are equal in every column',
    mostShare: 0.005,
    broken: (row, { raw }) => row > 0 && sameAsBefore(raw, row),
  },
];

/** Makes ready what the expectations look at. */
export function rowContext(
  raw: RawFlights,
  airports: Airports,
  days: { from: string; through: string } | undefined,
): RowContext {
  const places = raw.codes.map((code) => airports.get(code));
  const miles = new Float64Array(places.length ** 2).fill(Number.NaN);
  return {
    raw,
    zones: places.map((place) => place && zoneOf(place)),
    milesBetween(origin, destination) {
      const pair = origin * places.length + destination;
      if (Number.isNaN(miles[pair])) miles[pair] = greatCircleMiles(places[origin]!, places[destination]!);
      return miles[pair]!;
    },
    days: days && { from: dayNumber(days.from), through: dayNumber(days.through) },
  };
}

/** The source orders by all columns, so a duplicate stands right behind its original. */
function sameAsBefore(raw: RawFlights, row: number): boolean {
  const before = row - 1;
  return (
    raw.localMinutes[row] === raw.localMinutes[before] &&
    raw.delayMinutes[row] === raw.delayMinutes[before] &&
    raw.distanceMiles[row] === raw.distanceMiles[before] &&
    raw.origins[row] === raw.origins[before] &&
    raw.destinations[row] === raw.destinations[before]
  );
}
