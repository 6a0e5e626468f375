/**
 * Predict request: which flights to judge, and whether the question makes sense.
 *
 * in:  {"flights": [{"origin": "ATL", "destination": "SAV", "departedAt": "2001-02-01T08:15:00-05:00", "distanceMiles": 215}]}
 * out: DepartureMinutes[], or for each wrong field what would be right
 *
 * Rule: 1 to 1000 flights between two airports that were on the map in 2001, a positive distance, no field that nobody reads, and an instant
 * whose offset is the origin's own. The last one is not fussiness: with a clock that is one hour off, the model's AUC falls from .88 to .53, and
 * nothing else would tell.
 *
 * When it misleads: a well-formed flight may still be one that never was. Nobody here knows the airlines' plans.
 *
 * Source: damage of a wrong clock measured on flights-3m (`npx mlops data check` finds such days by themselves: validate/damages.ts).
 */
import { z } from 'zod';
import { offsetMinutes, zoneOf } from '../airport-time.js';
import type { Airport, Airports } from '../airports.js';
import { departureMinutes, isoWithOffset } from '../flights.js';
import type { DepartureMinutes } from '../flights.js';

export const MOST_FLIGHTS = 1_000;
/** An explanation costs as much as 64 predictions. */
export const MOST_EXPLAINED = 10;
/** Farther than any two airports of the data (Honolulu to Boston is 5,095 miles). */
const LONGEST_MILES = 6_000;
/** The airports, their time zones' rules and everything learned are of this time. */
const YEARS = ['2001', '2002'];
export const isOfTheModelsTime = (instant: string): boolean => YEARS.includes(instant.slice(0, 4));
export const OTHER_TIME = `expected an instant in ${YEARS.join(' or ')}: the model knows no other time`;
const MOST_ID = 100;
const ID_EXAMPLE = `expected a text of 1 to ${MOST_ID} characters, or no flightId`;
const INSTANT_EXAMPLE = "the origin's local time with its offset, like 2001-02-01T08:15:00-05:00";

const instant = z.iso
  // Without abort, the offset's check below would meet a text that is no instant.
  .datetime({ offset: true, error: `expected ${INSTANT_EXAMPLE}`, abort: true })
  .refine(isOfTheModelsTime, { error: OTHER_TIME });

/** The schema of the request, and of its document. */
export function predictRequest(airports: Airports, mostFlights = MOST_FLIGHTS) {
  const code = z
    .string({ error: 'expected an airport code of three letters, like ATL' })
    .refine((text) => airports.has(text), {
      error: 'expected the IATA code of a US airport of 2001, like ATL',
    });
  const fields = {
    flightId: z
      .string({ error: ID_EXAMPLE })
      .min(1, { error: ID_EXAMPLE })
      .max(MOST_ID, { error: ID_EXAMPLE })
      .optional(),
    origin: code,
    destination: code,
    departedAt: instant,
    distanceMiles: z
      .number({ error: 'expected the distance in miles as a number, like 215' })
      .positive({ error: 'expected a distance above 0 miles' })
      .max(LONGEST_MILES, { error: `expected a distance of at most ${LONGEST_MILES} miles` }),
  };
  const flight = z
    .strictObject(fields, { error: objectWith(Object.keys(fields)) })
    .superRefine((departure, context) => {
      if (departure.origin === departure.destination) {
        const message = `expected another airport than the origin, ${departure.origin}`;
        context.addIssue({ code: 'custom', path: ['destination'], message });
      }
      const right = rightOffset(departure, airports.get(departure.origin));
      if (right === undefined) return;
      const message = `${departure.origin} had another offset: this moment is ${right} there`;
      context.addIssue({ code: 'custom', path: ['departedAt'], message });
    });
  const flights = z
    .array(flight, { error: `expected a list of 1 to ${mostFlights} flights` })
    .min(1, { error: 'expected at least one flight' })
    .max(mostFlights, { error: `expected at most ${mostFlights} flights; send the rest in another request` });
  return z.strictObject({ flights }, { error: objectWith(['flights']) });
}

/** What is right for a field that is no object, or has fields that nobody reads: perhaps one is misspelt. */
function objectWith(fields: readonly string[]): z.core.$ZodErrorMap {
  const named = fields.join(', ');
  return (issue) =>
    issue.code === 'unrecognized_keys'
      ? `unknown: ${issue.keys.map((key) => key.slice(0, MOST_ID)).join(', ')}; expected no other fields than ${named}`
      : `expected an object with ${named}`;
}

/** A checked request. */
export type PredictRequest = z.infer<ReturnType<typeof predictRequest>>;
export type FlightInQuestion = PredictRequest['flights'][number];

/** The number form of a checked flight. */
export function inMinutes({ flightId = '', ...flight }: FlightInQuestion): DepartureMinutes {
  return departureMinutes({ flightId, ...flight });
}

/** The instant as the origin's clocks showed it, when the given offset is another one. */
function rightOffset(departure: FlightInQuestion, origin: Airport | undefined): string | undefined {
  const zone = origin === undefined ? undefined : zoneOf(origin);
  if (zone === undefined) return undefined;
  const { utcMinutes, localMinutes } = inMinutes(departure);
  const offset = offsetMinutes(zone, utcMinutes);
  return localMinutes - utcMinutes === offset ? undefined : isoWithOffset(utcMinutes, offset);
}
