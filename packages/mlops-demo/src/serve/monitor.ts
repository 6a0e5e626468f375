/**
 * Monitor, what comes after the last stage: does the served model still see the world it was tested on, and is it still right?
 *
 * in:  each prediction as it is made; each landing as the feed tells it → out: MonitorReport
 *
 * Rule: of each prediction its tenth of the risk scale is counted in a window of one day's flights (drift.ts); a landing is the label
 * of the prediction with the same flight id, and goes into a window of 5,000 (live-performance.ts).
 *
 * When it misleads: it remembers nothing over a restart, and nothing of the model before. A new model starts with empty windows.
 */
import { LATE_MINUTES } from '../flights.js';
import { DAY_FLIGHTS, driftOf } from './drift.js';
import { performanceOf } from './live-performance.js';
import type { MonitorReport } from './monitor-report.js';
import { SlidingWindow } from './sliding-window.js';

const LABELLED_FLIGHTS = 5_000;
/** Flights in the air at one time are about 1,500; some never land on the board. */
const MOST_WAITING = 20_000;
const BINS = 10;
const EDGES = Array.from({ length: BINS + 1 }, (_, edge) => edge / BINS);

/** What the monitor compares with. */
export interface MonitorReference {
  /** Share of test flights in each tenth of the risk scale. */
  riskHistogram: readonly number[];
  baseRate: number;
}

export class Monitor {
  readonly #reference: MonitorReference;
  readonly #bins = new SlidingWindow(DAY_FLIGHTS);
  readonly #counts = Array.from({ length: BINS }, () => 0);
  readonly #waiting = new Map<string, number>();
  readonly #risks = new SlidingWindow(LABELLED_FLIGHTS);
  readonly #labels = new SlidingWindow(LABELLED_FLIGHTS);

  constructor(reference: MonitorReference) {
    this.#reference = reference;
  }

  /** A risk was answered. Asked again about a flight (a client's retry), the first answer counts. */
  predicted(flightId: string | undefined, risk: number): void {
    if (flightId !== undefined) {
      if (this.#waiting.has(flightId)) return;
      this.#wait(flightId, risk);
    }
    const bin = Math.min(Math.floor(risk * BINS), BINS - 1);
    const leaving = this.#bins.push(bin);
    this.#counts[bin]! += 1;
    if (leaving !== undefined) this.#counts[leaving]! -= 1;
  }

  /** A flight has landed: its label is known. */
  landed(flightId: string, delayMinutes: number): void {
    const risk = this.#waiting.get(flightId);
    if (risk === undefined) return;
    this.#waiting.delete(flightId);
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
    };
  }

  #wait(flightId: string, risk: number): void {
    this.#waiting.set(flightId, risk);
    if (this.#waiting.size <= MOST_WAITING) return;
    const [oldest] = this.#waiting.keys();
    if (oldest !== undefined) this.#waiting.delete(oldest);
  }
}
