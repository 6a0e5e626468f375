/**
 * Monitor, what comes after the last stage: does the served model still see the world it was tested on, and is it still right?
 *
 * in:  each prediction as it is made; each landing as the feed tells it → out: MonitorReport
 *
 * Rule: of each prediction its tenth of the risk scale is counted in a window of one day's flights (drift.ts); a landing is the label
 * of the prediction with the same flight id, and goes into a window of 5,000 (live-performance.ts). Beside these two, days are watched with
 * their inputs, quality and labels (monitor-windows.ts), as soon as the reference is known.
 *
 * When it misleads: it remembers nothing over a restart, and nothing of the model before. A new model starts with empty windows.
 */
import type { FlightFeatures } from '../features/flight-features.js';
import { dayOf, LATE_MINUTES } from '../flights.js';
import type { DepartureMinutes } from '../flights.js';
import { DAY_FLIGHTS, driftOf } from './drift.js';
import { performanceOf } from './live-performance.js';
import { windowOf } from './monitor-report.js';
import type { MonitorReport } from './monitor-report.js';
import { MonitorWindows } from './monitor-windows.js';
import { SlidingWindow } from './sliding-window.js';
import { WaitingFlights } from './waiting-flights.js';

const LABELLED_FLIGHTS = 5_000;
const BINS = 10;
const EDGES = Array.from({ length: BINS + 1 }, (_, edge) => edge / BINS);

interface Waiting {
  risk: number;
  day: number | undefined;
}

/** What the monitor compares with. */
export interface RiskReference {
  /** Share of test flights in each tenth of the risk scale. */
  riskHistogram: readonly number[];
  baseRate: number;
}

export class Monitor {
  readonly #reference: RiskReference;
  readonly #bins = new SlidingWindow(DAY_FLIGHTS);
  readonly #counts = Array.from({ length: BINS }, () => 0);
  readonly #waiting = new WaitingFlights<Waiting>();
  readonly #features: FlightFeatures | undefined;
  /** Day by day, with inputs and labels. */
  readonly windows: MonitorWindows;
  readonly #risks = new SlidingWindow(LABELLED_FLIGHTS);
  readonly #labels = new SlidingWindow(LABELLED_FLIGHTS);

  /**
   * @param features the world as the model reads it; without it there are no windows
   * @param feedClock the newest minute that the feed has told of
   */
  constructor(reference: RiskReference, features?: FlightFeatures, feedClock?: () => number | undefined) {
    this.windows = new MonitorWindows(feedClock);
    this.#reference = reference;
    this.#features = features;
  }

  /** A risk was answered. Asked again about a flight (a client's retry), the first answer counts. */
  predicted(flightId: string | undefined, risk: number, flight?: DepartureMinutes): void {
    if (flightId !== undefined) {
      const day = flight === undefined ? undefined : dayOf(flight.localMinutes);
      if (!this.#waiting.add(flightId, { risk, day })) return;
    }
    // Read again for the monitor: what was scored a few milliseconds ago is not kept.
    if (flight !== undefined && this.#features !== undefined)
      this.windows.departed(flight, this.#features.featuresOf(flight), risk);
    const bin = Math.min(Math.floor(risk * BINS), BINS - 1);
    const leaving = this.#bins.push(bin);
    this.#counts[bin]! += 1;
    if (leaving !== undefined) this.#counts[leaving]! -= 1;
  }

  /** A flight has landed: its label is known. */
  landed(flightId: string, delayMinutes: number): void {
    const waiting = this.#waiting.take(flightId);
    if (waiting === undefined) return;
    const { risk, day } = waiting;
    if (day !== undefined) this.windows.landed(day, risk, delayMinutes);
    this.#risks.push(risk);
    this.#labels.push(delayMinutes >= LATE_MINUTES ? 1 : 0);
  }

  /** How things stand. */
  check(): MonitorReport {
    const predictions = this.#bins.size;
    const live = this.#counts.map((count) => (predictions === 0 ? 0 : count / predictions));
    const reference = [...this.#reference.riskHistogram];
    return {
      predictions,
      riskHistogram: { edges: EDGES, live, reference },
      drift: driftOf(predictions, live, reference),
      performance: performanceOf(
        this.#risks.values(),
        Uint8Array.from(this.#labels.values()),
        this.#reference.baseRate,
      ),
      ...this.#windowReports(),
    };
  }

  #windowReports(): Pick<MonitorReport, 'reference' | 'windows' | 'week'> {
    const { reference } = this.windows;
    if (reference === undefined) return {};
    const { from, through, auc, skill } = reference;
    const week = this.windows.week();
    return {
      reference: { from, through, auc, skill },
      windows: this.windows.reports().map(windowOf),
      ...(week === undefined ? {} : { week: windowOf(week) }),
    };
  }
}
