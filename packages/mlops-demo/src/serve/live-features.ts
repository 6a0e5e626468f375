/**
 * Live features: what the server knows of the world, from the model's history and from the board's feed.
 *
 * in:  the flights that came with the model, then FlightEvent[] of the feed, some of them twice
 * out: FlightFeatures that have seen every departure and every landing once
 *
 * Rule: the history holds all flights that left within its days, with their landings; events of those flights are skipped.
 * Of the rest each flight departs once and lands once: flight ids tell a repeated event from a new one. The feed's cursor is
 * kept here, beside what was learned up to it, so the two cannot disagree.
 * A departure more than a day ahead of the newest one is nonsense, as one wrong date would set the clock for ever; twenty such in a row are no
 * mistake: then the board has jumped, and the clock with it.
 *
 * When it misleads: it remembers the last 100,000 flights by name. An event repeated after that many others counts twice.
 */
import { FlightFeatures } from '../features/flight-features.js';
import { dayOf, departureMinutes, landingMinutes } from '../flights.js';
import type { FlightEvent } from '../flights.js';

/** What an event did. */
export type Learned = 'learned' | 'in history' | 'duplicate';

/** The local days of departure that a history covers, both ends included, as day numbers (`dayNumber`). */
export interface HistoryDays {
  from: number;
  through: number;
}

/** Six days of flights; about 7 MB. */
const REMEMBERED_FLIGHTS = 100_000;
const MOST_AHEAD_MINUTES = 1440;
const NO_MISTAKE = 20;
const DEPARTED = 1;
const LANDED = 2;

export class LiveFeatures {
  readonly features = new FlightFeatures();
  /** Where in the feed to read on; undefined is its beginning. */
  cursor: string | undefined;
  #throughDay: number;
  #newestUtcMinute: number | undefined;
  #aheadInARow = 0;
  readonly #history: HistoryDays;
  readonly #known = new Map<string, number>();

  constructor(history: HistoryDays) {
    this.#history = history;
    this.#throughDay = history.through;
  }

  /** Takes in an event of the feed, once. Throws a RangeError when an instant in it is none, or cannot be. */
  learn(event: FlightEvent): Learned {
    const landing = event.type === 'landed' ? landingMinutes(event) : undefined;
    const flight = landing ?? departureMinutes(event);
    const day = dayOf(flight.localMinutes);
    this.#setClock(event, flight.utcMinutes);
    if (day >= this.#history.from && day <= this.#history.through) return 'in history';
    const what = landing === undefined ? DEPARTED : LANDED;
    const before = this.#known.get(event.flightId) ?? 0;
    if ((before & what) !== 0) return 'duplicate';
    this.#remember(event.flightId, before | what);
    this.#throughDay = Math.max(this.#throughDay, day);
    if (landing === undefined) this.features.departed(flight);
    else this.features.landed(landing);
    return 'learned';
  }

  /** The last local day of which anything is known. A history that ends on it or before would tell nothing new. */
  get throughDay(): number {
    return this.#throughDay;
  }

  /** Where the flights' own clock stands: the newest departure that the feed has told of; undefined before the first. */
  get newestUtcMinute(): number | undefined {
    return this.#newestUtcMinute;
  }

  #setClock({ departedAt }: FlightEvent, utcMinute: number): void {
    const newest = this.#newestUtcMinute ?? utcMinute;
    const isAhead = utcMinute > newest + MOST_AHEAD_MINUTES;
    this.#aheadInARow = isAhead ? this.#aheadInARow + 1 : 0;
    if (isAhead && this.#aheadInARow < NO_MISTAKE)
      throw new RangeError(`departedAt: ${departedAt} is more than a day ahead of the feed`);
    this.#newestUtcMinute = Math.max(newest, utcMinute);
  }

  #remember(flightId: string, known: number): void {
    this.#known.set(flightId, known);
    if (this.#known.size <= REMEMBERED_FLIGHTS) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }
}
