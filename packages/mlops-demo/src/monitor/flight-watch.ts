/**
 * Flight watch: plays recorded flights up to a moment and lets any number of models judge each departure, as servers would have.
 *
 * in:  FlightColumns in order of departure; models; moments
 * out: for each model and local day a FlightWindow that holds what was known at that moment: departures so far, labels of the landed
 *
 * Rule: departures and landings pass in the order in which the world learned of them. Departures are scored in batches; a landing
 * forces the batch that its flight is in. Models may come and go between two moments; they look at the same world.
 *
 * When it misleads: landing times are estimated (`landedUtcMinutes`), so the moment at which a label comes in is, too.
 */
import { countOf, departureAt, landedAt, landingAt } from '../data/columns.js';
import type { FlightColumns } from '../data/columns.js';
import { orderByMinute } from '../data/order.js';
import { FlightFeatures } from '../features/flight-features.js';
import { FEATURE_COUNT } from '../features/names.js';
import { dateOf, dayOf } from '../flights.js';
import { seedRandom } from '../seeded-random.js';
import { FlightWindow } from './flight-window.js';
import type { WindowFacts } from './flight-window.js';

/** A model that watches. */
export interface Watcher {
  name: string;
  /** The world as this model reads it: with its own timetable, or as it is. */
  view: (world: FlightFeatures) => FlightFeatures;
  score: (rows: Float32Array) => Float32Array;
}

interface Watching {
  watcher: Watcher;
  features: FlightFeatures;
  rows: Float32Array;
  risks: Float32Array;
  windows: Map<number, FlightWindow>;
  /** It may have come in the middle of this day. */
  firstDay: number;
}

const BATCH = 2_048;
/** 10:00 UTC is midnight in Honolulu. */
const LAST_MIDNIGHT_UTC = 10 * 60;
const MINUTES_PER_DAY = 1440;

/** When a local day is over everywhere, and (almost) all of its flights have landed. */
export function dayEndUtcMinute(day: number): number {
  return (day + 1) * MINUTES_PER_DAY + LAST_MIDNIGHT_UTC;
}

export class FlightWatch {
  readonly #flights: FlightColumns;
  readonly #world = new FlightFeatures();
  readonly #watching = new Map<string, Watching>();
  readonly #landedMinutes: Int32Array;
  readonly #landings: Uint32Array;
  readonly #seed: number;
  #position = 0;
  #landed = 0;
  #playedUntil = -Infinity;
  /** Where the batch starts that is not scored yet. */
  #unscored = 0;

  constructor(flights: FlightColumns, seed: number) {
    this.#flights = flights;
    this.#seed = seed;
    this.#landedMinutes = flights.utcMinutes.map((_, position) => landedAt(flights, position));
    this.#landings = orderByMinute(this.#landedMinutes);
  }

  /** From now on this model judges every departure, too. */
  add(watcher: Watcher): void {
    this.#score();
    this.#watching.set(watcher.name, {
      watcher,
      features: watcher.view(this.#world),
      rows: new Float32Array(BATCH * FEATURE_COUNT),
      risks: new Float32Array(countOf(this.#flights)).fill(NaN),
      windows: new Map(),
      firstDay: dayOf(this.#flights.localMinutes[this.#position] ?? 0),
    });
  }

  remove(name: string): void {
    this.#watching.delete(name);
  }

  /** Plays everything that happens before this minute. */
  advance(untilUtcMinute: number): void {
    const { utcMinutes } = this.#flights;
    const count = countOf(this.#flights);
    while (this.#position < count && utcMinutes[this.#position]! < untilUtcMinute) {
      this.#landUntil(utcMinutes[this.#position]!);
      this.#depart();
    }
    this.#landUntil(untilUtcMinute);
    this.#score();
    this.#playedUntil = untilUtcMinute;
  }

  /** What a model has seen of a local day so far; undefined where it has seen nothing. */
  facts(name: string, day: number): WindowFacts | undefined {
    const { windows, firstDay } = this.#watching.get(name) ?? {};
    const date = dateOf(day);
    const complete = this.#playedUntil >= dayEndUtcMinute(day);
    return windows?.get(day)?.facts({ from: date, through: date, complete, whole: day !== firstDay });
  }

  /** A model's risks by position of the flight; NaN where it did not judge. */
  risks(name: string): Float32Array | undefined {
    return this.#watching.get(name)?.risks;
  }

  /** The next flight to leave. */
  get position(): number {
    return this.#position;
  }

  /** True when the flight's delay is known. */
  isLanded(position: number, utcMinute: number): boolean {
    return this.#landedMinutes[position]! < utcMinute;
  }

  /** Lets go of the windows of days before this one. */
  forget(beforeDay: number): void {
    for (const { windows } of this.#watching.values()) {
      for (const day of windows.keys()) if (day < beforeDay) windows.delete(day);
    }
  }

  #depart(): void {
    const flight = departureAt(this.#flights, this.#position);
    const offset = (this.#position - this.#unscored) * FEATURE_COUNT;
    for (const { features, rows } of this.#watching.values()) features.writeFeatures(flight, rows, offset);
    this.#world.departed(flight);
    this.#position += 1;
    if (this.#position - this.#unscored === BATCH) this.#score();
  }

  #landUntil(minute: number): void {
    for (; this.#landed < this.#landings.length; this.#landed++) {
      const position = this.#landings[this.#landed]!;
      if (this.#landedMinutes[position]! >= minute) return;
      if (position >= this.#unscored) this.#score();
      const flight = landingAt(this.#flights, position);
      this.#world.landed(flight);
      for (const { windows, risks } of this.#watching.values()) {
        const risk = risks[position]!;
        if (!Number.isNaN(risk)) windows.get(dayOf(flight.localMinutes))?.landed(risk, flight.delayMinutes);
      }
    }
  }

  #score(): void {
    const from = this.#unscored;
    const count = this.#position - from;
    this.#unscored = this.#position;
    if (count === 0) return;
    for (const { watcher, rows, risks, windows } of this.#watching.values()) {
      const scored = watcher.score(rows.subarray(0, count * FEATURE_COUNT));
      risks.set(scored, from);
      for (let row = 0; row < count; row++) {
        const flight = departureAt(this.#flights, from + row);
        const inputs = rows.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT);
        this.#windowOf(windows, dayOf(flight.localMinutes)).departed(flight, inputs, scored[row]!);
      }
    }
  }

  #windowOf(windows: Map<number, FlightWindow>, day: number): FlightWindow {
    let window = windows.get(day);
    if (window === undefined) windows.set(day, (window = new FlightWindow(seedRandom(this.#seed + day))));
    return window;
  }
}
