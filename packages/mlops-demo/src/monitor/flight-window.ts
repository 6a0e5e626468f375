/**
 * Flight window: what is kept of the flights of one span of days, in little memory.
 *
 * in:  each departure with its 27 inputs and its risk; later, for most of them, the delay
 * out: WindowFacts: columns to compare, counts to check, risks with labels to judge
 *
 * Rule: of numbers a seeded reservoir of 2,000 rows is kept (each flight has the same chance to be in it), of airports every flight is
 * counted, of labels all are kept. A day of 17,000 flights takes 0.3 MB.
 *
 * When it misleads: the clock's inputs (sin, cos) are watched as minute of the day; the weekday is not: a day has only one, and would drift
 * always. A weekday without flights is seen by the volume.
 *
 * Source: J. Vitter, "Random sampling with a reservoir" (1985), algorithm R.
 */
import { FEATURE_NAMES } from '../features/names.js';
import { LATE_MINUTES, minuteOfDay } from '../flights.js';
import type { DepartureMinutes } from '../flights.js';
import type { Random } from '../seeded-random.js';
import type { ColumnValues } from './column-drift.js';
import type { Columns } from './dataset-drift.js';

/** Inputs of the model that are watched as they are; the ones before are the clock's, the weekday's and the distance's. */
const WATCHED_INPUTS_FROM = 13;
const SLOT_LOG_N = FEATURE_NAMES.indexOf('timetable slot, log n');
/** Columns of numbers. */
export const NUMBERS = [
  'minute of the day',
  'distance',
  ...FEATURE_NAMES.slice(WATCHED_INPUTS_FROM),
] as const;
export const RESERVOIR_ROWS = 2_000;
/** More than the busiest day has; a week's flights are drawn from several windows. */
const MOST_LABELS = 20_000;

/** What is known of a window at one moment. */
export interface WindowFacts {
  /** Local days of departure, both ends included. */
  from: string;
  through: string;
  /** The window's time is over: no more departures will come. */
  complete: boolean;
  /** It was watched from its first flight on. */
  whole: boolean;
  departures: number;
  columns: Columns;
  /** A sample of the predicted risks. */
  risks: Float64Array;
  /** Departures with an input that is no number, and in a route-slot that the timetable has never seen. */
  missing: number;
  unseenSlots: number;
  labels: { risks: Float32Array; late: Uint8Array };
}

export class FlightWindow {
  readonly #random: Random;
  readonly #mostRows: number;
  readonly #rows: Float32Array;
  readonly #risks: Float32Array;
  readonly #origins = new Map<string, number>();
  readonly #destinations = new Map<string, number>();
  readonly #onFive = new Map<string, number>();
  #labelRisks = new Float32Array(1_024);
  #late = new Uint8Array(1_024);
  #labels = 0;
  #departures = 0;
  #missing = 0;
  #unseenSlots = 0;

  constructor(random: Random, mostRows: number = RESERVOIR_ROWS) {
    this.#random = random;
    this.#mostRows = mostRows;
    this.#rows = new Float32Array(mostRows * NUMBERS.length);
    this.#risks = new Float32Array(mostRows);
  }

  get departures(): number {
    return this.#departures;
  }

  /** Changes whenever something was added. */
  get version(): number {
    return this.#departures + this.#labels;
  }

  /** A flight has left and was judged by these inputs. */
  departed(flight: DepartureMinutes, inputs: Float32Array, risk: number): void {
    const place =
      this.#departures < this.#mostRows
        ? this.#departures
        : Math.floor(this.#random() * (this.#departures + 1));
    this.#departures += 1;
    if (inputs.some(Number.isNaN)) this.#missing += 1;
    if (inputs[SLOT_LOG_N] === 0) this.#unseenSlots += 1;
    const minute = minuteOfDay(flight.localMinutes);
    count(this.#origins, flight.origin);
    count(this.#destinations, flight.destination);
    count(this.#onFive, minute % 5 === 0 ? 'yes' : 'no');
    if (place >= this.#mostRows) return;
    this.#rows.set([minute, flight.distanceMiles], place * NUMBERS.length);
    this.#rows.set(inputs.subarray(WATCHED_INPUTS_FROM), place * NUMBERS.length + 2);
    this.#risks[place] = risk;
  }

  /** One of its flights has landed: what had been predicted, and what came of it. */
  landed(risk: number, delayMinutes: number): void {
    if (this.#labels === MOST_LABELS) return;
    if (this.#labels === this.#late.length) this.#growLabels();
    this.#labelRisks[this.#labels] = risk;
    this.#late[this.#labels] = delayMinutes >= LATE_MINUTES ? 1 : 0;
    this.#labels += 1;
  }

  facts(span: Pick<WindowFacts, 'from' | 'through' | 'complete' | 'whole'>): WindowFacts {
    const kept = Math.min(this.#departures, this.#mostRows);
    const columns = new Map<string, ColumnValues>();
    for (const [column, name] of NUMBERS.entries()) {
      const values = Float64Array.from(
        { length: kept },
        (_, row) => this.#rows[row * NUMBERS.length + column]!,
      );
      columns.set(name, { kind: 'numeric', values });
    }
    columns.set('origin', { kind: 'categorical', counts: new Map(this.#origins) });
    columns.set('destination', { kind: 'categorical', counts: new Map(this.#destinations) });
    columns.set('on a multiple of 5 minutes', { kind: 'categorical', counts: new Map(this.#onFive) });
    return {
      ...span,
      departures: this.#departures,
      columns: { rows: this.#departures, columns },
      risks: Float64Array.from(this.#risks.subarray(0, kept)),
      missing: this.#missing,
      unseenSlots: this.#unseenSlots,
      labels: {
        risks: this.#labelRisks.slice(0, this.#labels),
        late: this.#late.slice(0, this.#labels),
      },
    };
  }

  #growLabels(): void {
    const [risks, late] = [this.#labelRisks, this.#late];
    this.#labelRisks = new Float32Array(late.length * 2);
    this.#labelRisks.set(risks);
    this.#late = new Uint8Array(late.length * 2);
    this.#late.set(late);
  }
}

function count(counts: Map<string, number>, category: string): void {
  counts.set(category, (counts.get(category) ?? 0) + 1);
}
