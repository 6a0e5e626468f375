/**
 * Monitor windows, live: the last eight local days of flights as this server has seen them, judged against the examined days.
 *
 * in:  each prediction with its flight and inputs; each landing; later, the reference
 * out: a WindowReport a day, one for the last whole days together, and the newest diagnosis
 *
 * Rule: a day is over when a flight leaves at 10:00 UTC of the next one or later: the flights' own clock, whatever speed they are played at.
 * The feed sets it, so that nobody's question can: a departure more than a day ahead of the feed is not counted. Without a feed the
 * newest departure asked about is the clock.
 * The first day seen is never whole. Of the days that are due, each call judges
 * one anew (kept-verdicts.ts).
 *
 * When it misleads: after a restart the day begins anew; what was in the air before has no risk here and gives no label.
 */
import { dateOf, dayOf } from '../flights.js';
import type { DepartureMinutes } from '../flights.js';
import { judgeWindow } from '../monitor.js';
import type { WindowReport } from '../monitor.js';
import { dayEndUtcMinute } from '../monitor/flight-watch.js';
import { FlightWindow } from '../monitor/flight-window.js';
import { joinWindows } from '../monitor/join-windows.js';
import type { MonitorReference } from '../monitor/reference.js';
import { seedRandom } from '../seeded-random.js';
import { KeptVerdicts } from './kept-verdicts.js';
import type { WindowStand } from './kept-verdicts.js';

const KEPT_DAYS = 8;
const WEEK_DAYS = 7;
/** A question may come before its departure, or before the feed is read. */
const MOST_AHEAD_MINUTES = 1440;

export class MonitorWindows {
  readonly #days = new Map<number, FlightWindow>();
  readonly #verdicts = new KeptVerdicts();
  #firstDay: number | undefined;
  readonly #feedClock: () => number | undefined;
  #newestAsked: number | undefined;
  #judgedFlights = 0;
  #reference: MonitorReference | undefined;

  constructor(feedClock: () => number | undefined = () => undefined) {
    this.#feedClock = feedClock;
  }

  set reference(reference: MonitorReference) {
    this.#reference = reference;
    this.#verdicts.clear();
  }

  get reference(): MonitorReference | undefined {
    return this.#reference;
  }

  /** Where the flights' own clock stands, in minutes; undefined before the first flight. */
  get newestUtcMinute(): number | undefined {
    return this.#feedClock() ?? this.#newestAsked;
  }

  get judgedFlights(): number {
    return this.#judgedFlights;
  }

  departed(flight: DepartureMinutes, inputs: Float32Array, risk: number): void {
    if (flight.utcMinutes > this.#latest()) return;
    const day = dayOf(flight.localMinutes);
    if ((this.#firstDay ?? Infinity) > dayOf(this.#latest())) this.#firstDay = undefined;
    this.#firstDay ??= day;
    this.#judgedFlights += 1;
    this.#newestAsked = Math.max(this.#newestAsked ?? -Infinity, flight.utcMinutes);
    let window = this.#days.get(day);
    if (window === undefined) {
      this.#days.set(day, (window = new FlightWindow(seedRandom(day))));
      this.#forget();
    }
    window.departed(flight, inputs, risk);
  }

  landed(day: number, risk: number, delayMinutes: number): void {
    this.#days.get(day)?.landed(risk, delayMinutes);
  }

  /** Oldest first; none without a reference. */
  reports(): WindowReport[] {
    const days = this.#inOrder();
    const due = this.#verdicts.nextDue(days.map((day) => [nameOf([day]), this.#standOf([day])]));
    return days.flatMap((day) => {
      const known = this.#verdicts.of(nameOf([day]));
      return (known === undefined || nameOf([day]) === due ? this.#judge([day]) : known) ?? [];
    });
  }

  /** The last whole days, at most seven, as one window. */
  week(): WindowReport | undefined {
    const whole = this.#inOrder().filter((day) => this.#isComplete(day) && day !== this.#firstDay);
    return whole.length < 2 ? undefined : this.#judge(whole.slice(-WEEK_DAYS));
  }

  #judge(days: readonly number[]): WindowReport | undefined {
    const reference = this.#reference;
    if (reference === undefined) return undefined;
    const [name, stand] = [nameOf(days), this.#standOf(days)];
    if (this.#verdicts.isFresh(name, stand)) return this.#verdicts.of(name);
    const windows = days.map((day) => this.#days.get(day)!);
    const facts = windows.map((window, index) => {
      const date = dateOf(days[index]!);
      const span = { from: date, through: date, complete: this.#isComplete(days[index]!) };
      return window.facts({ ...span, whole: days[index] !== this.#firstDay });
    });
    const report = judgeWindow(joinWindows(facts), reference);
    this.#verdicts.keep(name, stand, report);
    return report;
  }

  #standOf(days: readonly number[]): WindowStand {
    const version = days.reduce((sum, day) => sum + (this.#days.get(day)?.version ?? 0), 0);
    return { version, complete: days.every((day) => this.#isComplete(day)) };
  }

  #isComplete(day: number): boolean {
    return (this.newestUtcMinute ?? -Infinity) >= dayEndUtcMinute(day);
  }

  #inOrder(): number[] {
    return [...this.#days.keys()].sort((a, b) => a - b);
  }

  /** Departures after it are not believed. */
  #latest(): number {
    return (this.#feedClock() ?? Infinity) + MOST_AHEAD_MINUTES;
  }

  /** The oldest days, and those asked about before the feed said what time it is. */
  #forget(): void {
    const latestDay = dayOf(this.#latest());
    const days = this.#inOrder();
    const believed = days.filter((day) => day <= latestDay);
    for (const day of [...believed.slice(0, -KEPT_DAYS), ...days.slice(believed.length)]) {
      this.#days.delete(day);
      this.#verdicts.forget(day);
    }
  }
}

function nameOf(days: readonly number[]): string {
  return `${days[0]}–${days.at(-1)}`;
}
