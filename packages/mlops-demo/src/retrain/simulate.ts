/**
 * Simulate: days of real flights, watched, retrained and promoted by the real parts, on the flights' own clock.
 *
 * in:  a first champion, recorded flights, and who trains, loads and stages (SimulationShell)
 * out: one SimulatedDay after the other: what the monitor said, and what was done at which hour
 *
 * Rule: three looks a day, at noon and at six in New York (17 and 23 h UTC), and when the day is over in Honolulu (10 h UTC). At a look
 * only what was known then counts: departures so far, labels of flights that have landed. Training takes no time on this clock.
 * The first champion goes on being watched after it has been replaced: it shows what would have been.
 *
 * When it misleads: both models' scoring time is set equal here (they have the same layers), so the canary's analysis weighs failures and
 * labels only; and nobody's answers change what the flights do.
 */
import { isAnsweredByChallenger } from '../serve/challenger/assign-flight.js';
import { Trial } from '../serve/challenger/trial.js';
import type { FlightColumns } from '../data/columns.js';
import { compareWithChampion } from '../evaluation/compare-with-champion.js';
import { dateOf, dayNumber } from '../flights.js';
import { judgeWindow } from '../monitor.js';
import type { WindowReport } from '../monitor.js';
import { dayEndUtcMinute, FlightWatch } from '../monitor/flight-watch.js';
import type { Watcher } from '../monitor/flight-watch.js';
import type { MonitorReference } from '../monitor/reference.js';
import type { Days } from '../plan.js';
import { decideRetraining } from '../retrain.js';
import { nextStep, settle } from './attempt.js';
import type { AttemptAction, AttemptNews, AttemptStep } from './attempt.js';
import { pairedFlights } from './paired-flights.js';
import { NEVER_RETRAINED } from './state.js';
import type { RetrainState } from './state.js';

/** A model, and the world it was examined in. */
export interface Simulated extends Watcher {
  dataThrough: string;
  reference: MonitorReference;
}

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

interface CanaryTrial {
  trial: Trial;
  /** Flights before this position have been told to the trial, those in the air without their delay. */
  reported: number;
  inTheAir: number[];
}

const LOOKS_UTC_MINUTES = [17 * 60, 23 * 60];
const LEAST_SHADOW_LANDINGS = 8_000;
const CANARY_WINDOW_LANDINGS = 1_500;
const NOMINAL_BATCH_SECONDS = 0.001;
const UNCHANGED_PROCESS = { eventLoopLagSeconds: 0.001, residentBytes: 1e8 };
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
  readonly #flights: FlightColumns;
  readonly #watch: FlightWatch;
  readonly #first: Simulated;
  readonly #shell: SimulationShell;
  #champion: Simulated;
  /** The first flight it judged in production. */
  #championFrom: number;
  #challenger: { model: Simulated; fromPosition: number } | undefined;
  #trial: CanaryTrial | undefined;
  #state: RetrainState = NEVER_RETRAINED;
  #events: SimulatedDay['events'] = [];

  constructor(flights: FlightColumns, from: string, first: Simulated, shell: SimulationShell) {
    this.#flights = flights;
    this.#shell = shell;
    this.#first = this.#champion = first;
    this.#watch = new FlightWatch(flights, 1);
    this.#watch.advance(dayEndUtcMinute(dayNumber(from) - 2));
    this.#championFrom = this.#watch.position;
    this.#watch.add(first);
    this.#watch.advance(dayEndUtcMinute(dayNumber(from) - 1));
  }

  async day(day: number): Promise<SimulatedDay> {
    this.#events = [];
    for (const minute of LOOKS_UTC_MINUTES) await this.#look(day, day * MINUTES_PER_DAY + minute);
    await this.#look(day, dayEndUtcMinute(day));
    this.#watch.forget(day - 1);
    return {
      date: dateOf(day),
      first: this.#judge(this.#first, day)!,
      production: this.#judge(this.#champion, day)!,
      version: this.#champion.name,
      events: this.#events,
    };
  }

  async #look(day: number, utcMinute: number): Promise<void> {
    this.#watch.advance(utcMinute);
    const now = new Date(utcMinute * MS_PER_MINUTE).toISOString();
    const windows = [day - 1, day].flatMap((each) => this.#judge(this.#champion, each) ?? []);
    const state = this.#state;
    const decision = decideRetraining({
      now,
      windows,
      dataThrough: this.#champion.dataThrough,
      flightsJudged: this.#watch.position - this.#championFrom,
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
    const news = this.#newsOfChallenger(utcMinute);
    if (news !== undefined) await this.#step(news, now);
  }

  /** The state is taken over before its actions are carried out, as on disk. */
  async #step(news: AttemptNews, now: string): Promise<void> {
    const before = this.#state.phase.name;
    const step: AttemptStep = nextStep(this.#state, news, now);
    this.#state = step.state;
    const phase = step.state.phase.name;
    for (const action of step.actions) if (action.do === 'stage') await this.#carryOut(action, now);
    if (phase === 'idle') this.#state = settle(this.#state);
    if (phase === before && news.what !== 'trained') return;
    const outcome = phase === 'idle' ? (step.state.attempts.at(-1)?.outcome ?? '') : phase;
    this.#events.push({ at: now, because: `→ ${outcome}: ${step.because}` });
  }

  async #carryOut(action: AttemptAction & { do: 'stage' }, now: string): Promise<void> {
    await this.#shell.stage(action, now);
    if (action.to === 'shadow') {
      const model = await this.#shell.load(action.version);
      this.#watch.add(model);
      this.#challenger = { model, fromPosition: this.#watch.position };
    } else if (action.to === 'canary') {
      const options = { champion: this.#champion.name, challenger: action.version };
      const seconds = Date.parse(now) / 1_000;
      const trial = new Trial({
        ...options,
        startedAt: seconds,
        windowLandings: CANARY_WINDOW_LANDINGS,
        mostWindowSeconds: Infinity,
      });
      this.#trial = { trial, reported: this.#watch.position, inTheAir: [] };
    } else {
      const { model } = this.#challenger ?? {};
      if (action.to === 'production' && model !== undefined) {
        if (this.#champion !== this.#first) this.#watch.remove(this.#champion.name);
        this.#champion = model;
        this.#championFrom = this.#watch.position;
      } else if (model !== undefined) this.#watch.remove(model.name);
      this.#challenger = this.#trial = undefined;
    }
  }

  #newsOfChallenger(nowUtcMinute: number): AttemptNews | undefined {
    const challenger = this.#challenger;
    if (challenger === undefined) return undefined;
    if (this.#trial !== undefined) return this.#newsOfCanary(challenger.model, this.#trial, nowUtcMinute);
    const pairs = pairedFlights({
      flights: this.#flights,
      watch: this.#watch,
      champion: this.#champion.name,
      challenger: challenger.model.name,
      fromPosition: challenger.fromPosition,
      nowUtcMinute,
    });
    if (pairs.labels.length < LEAST_SHADOW_LANDINGS) return undefined;
    const { state, because } = compareWithChampion(pairs);
    const flights = `${pairs.labels.length.toLocaleString('en-US')} flights in its shadow`;
    return { what: 'compared', state, because: `${state} on ${flights}: ${because}` };
  }

  #newsOfCanary(challenger: Simulated, canary: CanaryTrial, nowUtcMinute: number): AttemptNews | undefined {
    const { trial } = canary;
    const [mine, theirs] = [this.#watch.risks(challenger.name), this.#watch.risks(this.#champion.name)];
    for (; canary.reported < this.#watch.position; canary.reported++) {
      const id = String(canary.reported);
      trial.judged(id, { champion: theirs?.[canary.reported], challenger: mine?.[canary.reported] });
      trial.answered(isAnsweredByChallenger(id, 0.1) ? 'challenger' : 'champion');
      for (const side of ['champion', 'challenger'] as const) trial.scored(side, NOMINAL_BATCH_SECONDS);
      canary.inTheAir.push(canary.reported);
    }
    canary.inTheAir = canary.inTheAir.filter((position) => {
      if (!this.#watch.isLanded(position, nowUtcMinute)) return true;
      trial.landed(String(position), this.#flights.delayMinutes[position]!);
      trial.look(nowUtcMinute * 60, UNCHANGED_PROCESS);
      return false;
    });
    const { verdict, landed, answered } = trial.report();
    if (!verdict.finished) return undefined;
    const seen = `canary answered ${answered.challenger.toLocaleString('en-US')} flights, ${landed.toLocaleString('en-US')} judged by both have landed`;
    return { what: 'analyzed', kind: verdict.kind, because: `${seen}: ${verdict.because}` };
  }

  #judge(model: Simulated, day: number): WindowReport | undefined {
    const facts = this.#watch.facts(model.name, day);
    return facts === undefined ? undefined : judgeWindow(facts, model.reference);
  }
}
