/**
 * Simulate: days of real flights, watched, retrained and promoted by the real parts, on the flights' own clock.
 *
 * in:  a first champion, recorded flights, and who trains, loads and stages (SimulationShell)
 * out: one SimulatedDay after the other: what the monitor said, and what was done at which hour
 *
 * Rule: three looks a day, at noon and at six in New York (17 and 23 h UTC), and when the day is over in Honolulu (10 h UTC). At a look
 * only what was known then counts: departures so far, labels of flights that have landed. Training takes no time on this clock.
 *
 * The trial in shadow and canary is the server's, with its policy (simulated-trial.ts).
 *
 * When it misleads: a trial may be over in three hours, and is asked at the next look only.
 */
import type { FlightColumns } from '../data/columns.js';
import { dateOf, dayNumber } from '../flights.js';
import { judgeWindow } from '../monitor.js';
import type { WindowReport } from '../monitor.js';
import { dayEndUtcMinute, FlightWatch } from '../monitor/flight-watch.js';
import type { Days } from '../plan.js';
import { decideRetraining } from '../retrain.js';
import { settle } from './actions.js';
import type { AttemptAction } from './actions.js';
import { nextStep } from './attempt.js';
import type { AttemptNews, AttemptStep } from './attempt.js';
import { SimulatedModels } from './simulated-models.js';
import type { Simulated } from './simulated-models.js';
import { NEVER_RETRAINED } from './state.js';
import type { RetrainState } from './state.js';
import { newsOfTrial } from './trial-news.js';

export interface SimulationShell {
  train(dataThrough: string): Promise<AttemptNews & { what: 'trained' }>;
  load(version: string): Promise<Simulated>;
  stage(action: AttemptAction & { do: 'stage' }, at: string): Promise<void>;
}

export interface SimulatedDay {
  date: string;
  /** The first champion's day, and that of the model in production when the day ended. */
  first: WindowReport;
  production: WindowReport;
  version: string;
  events: { at: string; because: string }[];
}

const LOOKS_UTC_MINUTES = [17 * 60, 23 * 60];
const MINUTES_PER_DAY = 1440;
const MS_PER_MINUTE = 60_000;

export async function* simulate(
  flights: FlightColumns,
  days: Days,
  first: Simulated,
  shell: SimulationShell,
): AsyncGenerator<SimulatedDay> {
  const simulation = new Simulation(flights, days.from, first, shell);
  for (let day = dayNumber(days.from); day <= dayNumber(days.through); day++) yield await simulation.day(day);
}

class Simulation {
  readonly #watch: FlightWatch;
  readonly #models: SimulatedModels;
  readonly #shell: SimulationShell;
  #state: RetrainState = NEVER_RETRAINED;
  #events: SimulatedDay['events'] = [];

  constructor(flights: FlightColumns, from: string, first: Simulated, shell: SimulationShell) {
    this.#shell = shell;
    this.#watch = new FlightWatch(flights, 1);
    this.#watch.advance(dayEndUtcMinute(dayNumber(from) - 2));
    this.#models = new SimulatedModels(flights, this.#watch, first, async (version) => shell.load(version));
    this.#watch.advance(dayEndUtcMinute(dayNumber(from) - 1));
  }

  async day(day: number): Promise<SimulatedDay> {
    this.#events = [];
    for (const minute of LOOKS_UTC_MINUTES) await this.#look(day, day * MINUTES_PER_DAY + minute);
    await this.#look(day, dayEndUtcMinute(day));
    this.#watch.forget(day - 1);
    return {
      date: dateOf(day),
      first: this.#judge(this.#models.first, day)!,
      production: this.#judge(this.#models.champion, day)!,
      version: this.#models.champion.name,
      events: this.#events,
    };
  }

  async #look(day: number, utcMinute: number): Promise<void> {
    this.#watch.advance(utcMinute);
    const now = new Date(utcMinute * MS_PER_MINUTE).toISOString();
    const { champion, championFrom, trial } = this.#models;
    const windows = [day - 1, day].flatMap((each) => this.#judge(champion, each) ?? []);
    const state = this.#state;
    const decision = decideRetraining({
      now,
      windows,
      dataThrough: champion.dataThrough,
      flightsJudged: this.#watch.position - championFrom,
      state,
    });
    if (decision.state === 'retrain') {
      // The running day is not in the data yet, unless it is over.
      const dataThrough = dateOf(utcMinute >= dayEndUtcMinute(day) ? day : day - 1);
      const { trigger, because } = decision;
      await this.#step({ what: 'started', trigger, because, dataThrough }, now);
      await this.#step(await this.#shell.train(dataThrough), now);
      return;
    }
    const verdict = trial?.verdictAt(utcMinute);
    if (trial !== undefined && verdict !== undefined)
      await this.#step(newsOfTrial(trial.stage, verdict), now);
  }

  /** The state is taken over before its actions are carried out, as on disk. */
  async #step(news: AttemptNews, now: string): Promise<void> {
    const before = this.#state.phase.name;
    const step: AttemptStep = nextStep(this.#state, news, now);
    if (step.state === this.#state && news.what === 'compared') this.#models.trial?.tryAgain();
    this.#state = step.state;
    const phase = step.state.phase.name;
    for (const action of step.actions) {
      if (action.do !== 'stage') continue;
      await this.#shell.stage(action, now);
      await this.#models.stage(action, now);
    }
    if (phase === 'idle') this.#state = settle(this.#state);
    if (phase === before && news.what !== 'trained') return;
    const outcome = phase === 'idle' ? (step.state.attempts.at(-1)?.outcome ?? '') : phase;
    this.#events.push({ at: now, because: `→ ${outcome}: ${step.because}` });
  }

  #judge(model: Simulated, day: number): WindowReport | undefined {
    const facts = this.#watch.facts(model.name, day);
    return facts === undefined ? undefined : judgeWindow(facts, model.reference);
  }
}
