/**
 * The board's rules: which writes are new, which are repetitions, and which contradict what is known.
 *
 * in: what the board knows, what a client says → out: a verdict
 *
 * Rule: writes are idempotent. The same id with the same content changes nothing and is no error, because a client
 * that heard no answer must be able to ask again. The same id with other content is a conflict: the first one stands.
 * A flight lands after it departed, and within 48 hours.
 * When it misleads: two different flights under one id look like a conflict of one; ids are the client's to keep apart.
 * Source: idempotent methods and 409 Conflict, RFC 9110 (2022), sections 9.2.2 and 15.5.10.
 *
 *   judgeDeparture(undefined, departure)                        // { kind: 'new' }
 *   judgeDeparture(flight, { …same })                           // { kind: 'again', flight }
 *   judgeDeparture(flight, { …same, origin: 'BOS' })            // { kind: 'conflict', because: …, errors: [{ field: 'origin', … }] }
 */
import { parseInstant } from './instant.js';
import type { Departure, Flight, Outcome } from './flight.js';

export interface WrongField {
  field: string;
  fix: string;
}

export type Verdict =
  | { kind: 'new' }
  | { kind: 'again'; flight: Flight }
  | { kind: 'conflict' | 'impossible'; because: string; errors: WrongField[] };

/** Longer than the longest recorded flight (nine hours) and the longest delay that is accepted (twenty). */
const LONGEST_FLIGHT_HOURS = 48;
const HOUR_MS = 3_600_000;

/** May this departure be registered? */
export function judgeDeparture(known: Flight | undefined, departure: Departure): Verdict {
  if (known === undefined) return { kind: 'new' };
  const fields = ['origin', 'destination', 'departedAt', 'distanceMiles'] as const;
  const errors = differences(fields, known, departure, 'or choose another flightId');
  if (errors.length === 0) return { kind: 'again', flight: known };
  const because = `Flight ${known.flightId} is registered with other content.`;
  return { kind: 'conflict', because, errors };
}

/** May this outcome be recorded? */
export function judgeOutcome(flight: Flight, outcome: Outcome): Verdict {
  if (flight.outcome !== null) {
    const errors = differences(
      ['delayMinutes', 'landedAt'] as const,
      flight.outcome,
      outcome,
      'the first outcome stands',
    );
    if (errors.length === 0) return { kind: 'again', flight };
    return {
      kind: 'conflict',
      because: `Flight ${flight.flightId} has landed with another outcome.`,
      errors,
    };
  }
  const airborneMs = parseInstant(outcome.landedAt).epochMs - parseInstant(flight.departedAt).epochMs;
  if (airborneMs > 0 && airborneMs <= LONGEST_FLIGHT_HOURS * HOUR_MS) return { kind: 'new' };
  return {
    kind: 'impossible',
    because: `Flight ${flight.flightId} departed at ${flight.departedAt} and cannot have landed at ${outcome.landedAt}.`,
    errors: [
      {
        field: 'landedAt',
        fix: `send an instant after ${flight.departedAt}, at most ${LONGEST_FLIGHT_HOURS} hours later`,
      },
    ],
  };
}

function differences<Field extends string>(
  fields: readonly Field[],
  known: Record<Field, string | number>,
  said: Record<Field, string | number>,
  otherwise: string,
): WrongField[] {
  return fields
    .filter((field) => known[field] !== said[field])
    .map((field) => ({ field, fix: `known as ${known[field]}; send that, ${otherwise}` }));
}
