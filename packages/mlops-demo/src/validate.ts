/**
 * Stage 2, validate: quarantine the rows that cannot be right, and refuse a batch that is broken as a whole.
 *
 * in:  RawFlights, Airports → out: FlightColumns (clean, in order of departure in UTC) and a report; or a failed batch
 *
 * Rule: a row is quarantined for the first reason that applies:
 *   missing value · unknown airport · wrong day (local hour < 5) · impossible delay (outside −120…1200 minutes) ·
 *   impossible distance (outside 1…6000 miles) · exact duplicate of a row before it.
 * Then the batch: enough rows, the daily volume in its usual range, and no reason on more rows than usual.
 *
 * Why hour < 5: departures after midnight carry the scheduled date in this file, so their instant is a day too early. The rule looks
 * at what is known at departure, never at the delay, so it does not choose labels.
 *
 * When it misleads: shares are limits on the whole batch; one airport with broken rows may hide among 229.
 *
 * Source: limits measured on flights-3m, January to June 2001: 14,267 to 17,548 flights a day, 0.6 % with hour < 5, 191 duplicates.
 *
 * Example: January 2001 → 505,152 clean flights of 508,239.
 */
import { utcMinutesOf, zoneOf } from './airport-time.js';
import type { Airports } from './airports.js';
import { countOf, MISSING } from './data/columns.js';
import type { FlightColumns, RawFlights } from './data/columns.js';
import { inOrderOfDeparture } from './data/order.js';
import { dateOf, dayOf, minuteOfDay } from './flights.js';

/** Why a row is quarantined, and the share of the batch from which the whole batch is refused. */
export const QUARANTINE_LIMITS = {
  'missing value': 0.01,
  'unknown airport': 0.01,
  'wrong day': 0.015,
  'impossible delay': 0.001,
  'impossible distance': 0.001,
  'exact duplicate': 0.005,
} as const;
export type QuarantineReason = keyof typeof QUARANTINE_LIMITS;

/** The expectations that depend on what was asked for. */
export interface Expectations {
  /** Flights a day; absent for a part of the airports. */
  flightsPerDay?: readonly [least: number, most: number];
}

/** One expectation and how it went. */
export interface Check {
  name: string;
  state: 'passed' | 'failed';
  because: string;
}

/** What validation found. */
export interface ValidationReport {
  rows: number;
  clean: number;
  quarantined: Record<QuarantineReason, number>;
  checks: Check[];
}

/** The clean flights, or why the batch is refused. */
export type Validated =
  | { state: 'passed'; because: string; flights: FlightColumns; report: ValidationReport }
  | { state: 'failed'; because: string; report: ValidationReport };

const FIRST_HOUR = 5;
const DELAY_RANGE = [-120, 1200] as const;
const DISTANCE_RANGE = [1, 6000] as const;

/** Judges every row, then the batch. */
export function validate(raw: RawFlights, airports: Airports, expectations: Expectations): Validated {
  const rows = countOf(raw);
  const zones = raw.codes.map((code) => zoneOfCode(code, airports));
  const quarantined = Object.fromEntries(
    Object.keys(QUARANTINE_LIMITS).map((reason) => [reason, 0]),
  ) as Record<QuarantineReason, number>;
  const positions = new Uint32Array(rows);
  const utcMinutes = new Int32Array(rows);
  let clean = 0;
  for (let row = 0; row < rows; row++) {
    const reason = reasonAgainst(raw, row, zones);
    if (reason !== undefined) {
      quarantined[reason]++;
      continue;
    }
    utcMinutes[clean] = utcMinutesOf(zones[raw.origins[row]!]!, raw.localMinutes[row]!);
    positions[clean++] = row;
  }
  const flights = inOrderOfDeparture(raw, positions.subarray(0, clean), utcMinutes.subarray(0, clean));
  const report = { rows, clean, quarantined, checks: checksOf(rows, quarantined, flights, expectations) };
  const failed = report.checks.filter((check) => check.state === 'failed');
  if (failed.length > 0) {
    return { state: 'failed', because: failed.map((check) => check.because).join('; '), report };
  }
  return { state: 'passed', because: summaryOf(report), flights, report };
}

function zoneOfCode(code: string, airports: Airports): string | undefined {
  const airport = airports.get(code);
  return airport && zoneOf(airport);
}

function reasonAgainst(
  raw: RawFlights,
  row: number,
  zones: readonly (string | undefined)[],
): QuarantineReason | undefined {
  const minutes = raw.localMinutes[row]!;
  const delay = raw.delayMinutes[row]!;
  const distance = raw.distanceMiles[row]!;
  if (minutes === MISSING || delay === MISSING || distance === MISSING) return 'missing value';
  if (!zones[raw.origins[row]!] || !zones[raw.destinations[row]!]) return 'unknown airport';
  if (minuteOfDay(minutes) < FIRST_HOUR * 60) return 'wrong day';
  if (delay < DELAY_RANGE[0] || delay > DELAY_RANGE[1]) return 'impossible delay';
  if (distance < DISTANCE_RANGE[0] || distance > DISTANCE_RANGE[1]) return 'impossible distance';
  return row > 0 && sameAsBefore(raw, row) ? 'exact duplicate' : undefined;
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

function checksOf(
  rows: number,
  quarantined: Record<QuarantineReason, number>,
  flights: FlightColumns,
  expectations: Expectations,
): Check[] {
  const checks = (Object.keys(QUARANTINE_LIMITS) as QuarantineReason[]).map((reason): Check => {
    const share = rows === 0 ? 0 : quarantined[reason] / rows;
    const limit = QUARANTINE_LIMITS[reason];
    const because = `${reason}: ${quarantined[reason]} of ${rows} rows (${percent(share)}, limit ${percent(limit)})`;
    return { name: reason, state: share <= limit ? 'passed' : 'failed', because };
  });
  const some: Check =
    countOf(flights) > 0
      ? { name: 'rows', state: 'passed', because: `${countOf(flights)} clean rows` }
      : { name: 'rows', state: 'failed', because: 'the batch has no clean row' };
  const { flightsPerDay } = expectations;
  return flightsPerDay ? [some, ...checks, volumeCheck(flights, flightsPerDay)] : [some, ...checks];
}

function volumeCheck(flights: FlightColumns, [least, most]: readonly [number, number]): Check {
  const perDay = new Map<number, number>();
  for (const minutes of flights.localMinutes) {
    perDay.set(dayOf(minutes), (perDay.get(dayOf(minutes)) ?? 0) + 1);
  }
  const odd = [...perDay].filter(([, count]) => count < least || count > most);
  const range = `${least} to ${most} flights a day`;
  if (odd.length === 0)
    return { name: 'volume', state: 'passed', because: `${range} on all ${perDay.size} days` };
  const [day, count] = odd[0]!;
  const because = `volume: expected ${range}, got ${count} on ${dateOf(day)} (${odd.length} such days)`;
  return { name: 'volume', state: 'failed', because };
}

function summaryOf({ rows, clean, quarantined }: ValidationReport): string {
  const reasons = Object.entries(quarantined).filter(([, count]) => count > 0);
  const listed = reasons.map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `${clean} of ${rows} rows are clean; quarantined: ${listed === '' ? 'none' : listed}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
