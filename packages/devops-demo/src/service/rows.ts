/**
 * Rows: flights as PostgreSQL keeps them, and as the board speaks of them.
 *
 * Rule: the database keeps an instant and, beside it, the offset in which it was spoken; both together are the text again.
 */
import { encodeBoardCursor } from './cursor.js';
import { formatInstant, parseInstant } from './instant.js';
import type { BoardEvent, Departure, Flight, Outcome, Risk } from './flight.js';

export interface FlightRow {
  flight_id: string;
  origin: string;
  destination: string;
  departed_at: Date;
  departed_offset: number;
  distance_miles: number;
  risk_probability: number;
  risk_source: Risk['source'];
  risk_version: string | null;
  risk_because: string | null;
  delay_minutes: number | null;
  landed_at: Date | null;
  landed_offset: number | null;
}

export interface EventRow extends FlightRow {
  type: BoardEvent['type'];
  tx: string;
  seq: string;
}

export function flightOf(row: FlightRow): Flight {
  return { ...departureOf(row), risk: riskOfRow(row), outcome: outcomeOf(row) };
}

/** A departed event tells nothing of the landing, even when the flight has landed since. */
export function eventOf(row: EventRow): BoardEvent {
  const outcome = outcomeOf(row);
  if (row.type === 'departed' || outcome === null) return { type: 'departed', ...departureOf(row) };
  return { type: 'landed', ...departureOf(row), ...outcome };
}

/** One page of the board and the bookmark of the next, from one row more than the page shows. */
export function pageOf(rows: FlightRow[], limit: number): { flights: Flight[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor =
    last === undefined
      ? null
      : encodeBoardCursor({ departedAtMs: last.departed_at.getTime(), flightId: last.flight_id });
  return { flights: shown.map(flightOf), nextCursor };
}

/** An instant as two columns: the moment, and the offset in minutes. */
export function instantColumns(text: string): [at: string, offsetMinutes: number] {
  const { epochMs, offsetMinutes } = parseInstant(text);
  return [new Date(epochMs).toISOString(), offsetMinutes];
}

function departureOf(row: FlightRow): Departure {
  return {
    flightId: row.flight_id,
    origin: row.origin,
    destination: row.destination,
    departedAt: formatInstant({ epochMs: row.departed_at.getTime(), offsetMinutes: row.departed_offset }),
    distanceMiles: row.distance_miles,
  };
}

function riskOfRow(row: FlightRow): Risk {
  const probability = row.risk_probability;
  if (row.risk_version !== null) {
    return { probability, source: 'model', degraded: false, modelVersion: row.risk_version };
  }
  const because = row.risk_because ?? 'not recorded';
  return { probability, source: 'base-rate', degraded: true, modelVersion: null, because };
}

function outcomeOf(row: FlightRow): Outcome | null {
  if (row.delay_minutes === null || row.landed_at === null || row.landed_offset === null) return null;
  const landedAt = formatInstant({ epochMs: row.landed_at.getTime(), offsetMinutes: row.landed_offset });
  return { delayMinutes: row.delay_minutes, landedAt };
}
