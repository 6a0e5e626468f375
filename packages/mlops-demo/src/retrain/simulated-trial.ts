/**
 * Simulated trial: the server's trial (serve/challenger/trial.ts) on recorded flights.
 *
 * in:  a FlightWatch that both models watch, moments → out: the trial's verdict, once it is finished
 *
 * Rule: shadow and canary alike, with the server's policy. Only its wall clock is left out: without one a window ends by landings alone, and
 * cannot be cut short by two minutes without any.
 *
 * When it misleads: scoring time is set equal (both have the same layers), so compute time decides nothing here; and nobody's answers change
 * what the flights do.
 */
import type { FlightColumns } from '../data/columns.js';
import type { FlightWatch } from '../monitor/flight-watch.js';
import { isAnsweredByChallenger } from '../serve/challenger/assign-flight.js';
import { TRIAL_POLICY } from '../serve/challenger/trial-policy.js';
import { Trial } from '../serve/challenger/trial.js';
import type { TrialVerdict } from '../serve/challenger/trial-record.js';

export interface SimulatedTrialOptions {
  flights: FlightColumns;
  watch: FlightWatch;
  champion: { name: string; weightBytes: number };
  challenger: { name: string; weightBytes: number };
  stage: 'shadow' | 'canary';
  share: number;
  /** ISO 8601. */
  since: string;
}

const NOMINAL_SECONDS = 0.001;
/** In the busiest hour about 90 departures. */
const STEP_MINUTES = 5;
const MS_PER_MINUTE = 60_000;
const SIDES = ['champion', 'challenger'] as const;

export class SimulatedTrial {
  readonly #options: SimulatedTrialOptions;
  #trial: Trial;
  /** Flights before this position have been told to the trial, those in the air without their delay. */
  #told: number;
  #inTheAir: number[] = [];
  #toldUntil: number;

  constructor(options: SimulatedTrialOptions) {
    this.#options = options;
    this.#trial = newTrial(options);
    this.#told = options.watch.position;
    this.#toldUntil = Date.parse(options.since) / MS_PER_MINUTE;
  }

  get stage(): 'shadow' | 'canary' {
    return this.#options.stage;
  }

  /** Ten windows gave no answer: ten more. */
  tryAgain(): void {
    this.#trial = newTrial(this.#options);
    this.#told = this.#options.watch.position;
    this.#inTheAir = [];
  }

  /** Tells the trial all that has happened until then. Undefined while it has no verdict. */
  verdictAt(nowUtcMinute: number): TrialVerdict | undefined {
    for (; this.#toldUntil < nowUtcMinute; this.#toldUntil += STEP_MINUTES) this.#tellUntil(this.#toldUntil);
    this.#tellUntil(nowUtcMinute);
    const { verdict, landed, answered } = this.#trial.report();
    if (!verdict.finished) return undefined;
    const many = (count: number): string => count.toLocaleString('en-US');
    const seen = `answered ${many(answered.challenger)} flights, ${many(landed)} judged by both have landed`;
    return { ...verdict, because: `${seen}: ${verdict.because}` };
  }

  /** Departures and landings in the order in which the world learned of them: a window holds both. */
  #tellUntil(utcMinute: number): void {
    const { watch, flights, champion, challenger, share } = this.#options;
    const [mine, theirs] = [watch.risks(challenger.name), watch.risks(champion.name)];
    for (; this.#told < watch.position; this.#told++) {
      if (flights.utcMinutes[this.#told]! >= utcMinute) break;
      const id = String(this.#told);
      this.#trial.judged(id, { champion: theirs?.[this.#told], challenger: mine?.[this.#told] });
      this.#trial.answered(isAnsweredByChallenger(id, share) ? 'challenger' : 'champion');
      for (const side of SIDES) this.#trial.scored(side, NOMINAL_SECONDS, 1);
      this.#inTheAir.push(this.#told);
    }
    this.#inTheAir = this.#inTheAir.filter((position) => {
      if (!watch.isLanded(position, utcMinute)) return true;
      this.#trial.landed(String(position), flights.delayMinutes[position]!);
      this.#trial.look(utcMinute * 60);
      return false;
    });
  }
}

function newTrial({ champion, challenger, stage, share, since }: SimulatedTrialOptions): Trial {
  return new Trial({
    subject: { champion: champion.name, challenger: challenger.name, stage, share, since },
    weightBytes: { champion: champion.weightBytes, challenger: challenger.weightBytes },
    startedAt: Date.parse(since) / 1_000,
    policy: { ...TRIAL_POLICY, mostWindowSeconds: Infinity },
  });
}
