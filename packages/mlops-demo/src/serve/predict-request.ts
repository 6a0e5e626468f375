/**
 * Predict request: which flights to judge, and whether the question makes sense.
 *
 * in:  {"flights": [{"origin": "ATL", "destination": "SAV", "departedAt": "2001-02-01T08:15:00-05:00", "distanceMiles": 215}]}
 * out: DepartureMinutes[], or for each wrong field what would be right
 *
 * Rule: 1 to 1000 flights, airports that were on the map in 2001, a positive distance, and an instant whose offset is the
 * origin's own. The last one is not fussiness: with a clock that is one hour off, the model's AUC falls from .88 to .53, and
 * nothing else would tell.
 *
 * When it misleads: a well-formed flight may still be one that never was. Nobody here knows the airlines' plans.
 *
 * Source: damage of a wrong clock measured on flights-3m (the README's table of injected data faults).
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
  const flight = z
    .object({
      flightId: z.string().min(1).max(100).optional(),
      origin: code,
      destination: code,
      departedAt: instant,
      distanceMiles: z
        .number({ error: 'expected the distance in miles as a number, like 215' })
        .positive({ error: 'expected a distance above 0 miles' })
        .max(LONGEST_MILES, { error: `expected a distance of at most ${LONGEST_MILES} miles` }),
    })
    .superRefine((departure, context) => {
      const right = rightOffset(departure, airports.get(departure.origin));
      if (right === undefined) return;
      const message = `${departure.origin} had another offset: this moment is ${right} there`;
      context.addIssue({ code: 'custom', path: ['departedAt'], message });
    });
  return z.object({
    flights: z
      .array(flight, { error: `expected a list of 1 to ${mostFlights} flights` })
      .min(1, { error: 'expected at least one flight' })
      .max(mostFlights, {
        error: `expected at most ${mostFlights} flights; send the rest in another request`,
      }),
  });
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
