/**
 * What is remembered about one airport and about one route.
 *
 * in:  events of that key
 * out: its sliding windows, and for a route its learned timetable
 */
import { LearnedTimetable } from './learned-timetable.js';
import { WindowSums } from './window-sums.js';

const HOUR = 60;

/** How far back the number of departures of a route is compared with the timetable. */
export const EXPECTED_WINDOW_MINUTES = 90;

/** A route: from one airport to another. */
export class RouteState {
  /** Delays by landing. */
  readonly delays = new WindowSums(24 * HOUR);
  readonly departures = new WindowSums(EXPECTED_WINDOW_MINUTES);
  readonly timetable = new LearnedTimetable();
}

/** An airport, and the routes that start there. */
export class AirportState {
  /** Delays of flights that landed here. */
  readonly arrivals = new WindowSums(3 * HOUR);
  /** Delays of flights that had left from here, by the time they landed. */
  readonly landedDepartures = new WindowSums(3 * HOUR);
  /** Departures from here as they happen. */
  readonly departures = new WindowSums(HOUR);
  readonly routes = new Map<string, RouteState>();
}

/** The state of all airports. Asking for one with `get` never makes one. */
export class AirportStates {
  readonly #airports = new Map<string, AirportState>();

  get(code: string): AirportState | undefined {
    return this.#airports.get(code);
  }

  /** The airport, new if need be. */
  open(code: string): AirportState {
    let airport = this.#airports.get(code);
    if (airport === undefined) this.#airports.set(code, (airport = new AirportState()));
    return airport;
  }

  /** The route, new if need be. */
  openRoute(origin: string, destination: string): RouteState {
    const { routes } = this.open(origin);
    let route = routes.get(destination);
    if (route === undefined) routes.set(destination, (route = new RouteState()));
    return route;
  }
}
