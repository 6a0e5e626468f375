/**
 * The words of the departures board: what a flight is, what becomes of it, and what the board tells about it.
 */

/** A departure, as it is registered. */
export interface Departure {
  flightId: string;
  /** IATA code of the airport. */
  origin: string;
  destination: string;
  /** ISO 8601 with the origin's local offset: `2001-02-01T08:15:00-05:00`. */
  departedAt: string;
  distanceMiles: number;
}

/** What became of a flight. */
export interface Outcome {
  /** Arrival delay in minutes, negative when early. */
  delayMinutes: number;
  /** ISO 8601 with an offset. */
  landedAt: string;
}

/** The probability that the flight lands 15 minutes late or later, and who says so. */
export type Risk =
  | { probability: number; source: 'model'; degraded: false; modelVersion: string }
  | { probability: number; source: 'base-rate'; degraded: true; modelVersion: null; because: string };

/** A flight on the board. */
export interface Flight extends Departure {
  risk: Risk;
  /** null while the flight is in the air. */
  outcome: Outcome | null;
}

/** What happens to a flight, as the feed tells it. */
export type BoardEvent = ({ type: 'departed' } & Departure) | ({ type: 'landed' } & Departure & Outcome);

/** A flight is late when it arrives this long after its schedule: the US Department of Transportation's own limit. */
export const LATE_MINUTES = 15;
