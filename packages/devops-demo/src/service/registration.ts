/**
 * Registration: the two writes of the board, from a checked input to an answer.
 *
 * in: Departure or Outcome → out: Settled
 *
 * Rule: look, judge, ask the model, write; when another request wrote first, look and judge again. The model is asked only
 * for flights that are new, and never decides whether a flight is registered.
 * When it misleads: the risk is the one at registration; it is not computed again when the model improves.
 */
import { canonicalInstant } from './instant.js';
import { judgeDeparture, judgeOutcome } from './board.js';
import type { Verdict } from './board.js';
import type { Departure, Flight, Outcome, Risk } from './flight.js';
import type { AskModel } from './ask-model.js';
import { riskFromBaseRate, riskFromModel } from './risk.js';
import type { BoardStore } from './store.js';
import type { Tally } from './tally.js';

export type Settled =
  { kind: 'written'; flight: Flight } | { kind: 'unknown' } | Exclude<Verdict, { kind: 'new' }>;

export interface Registration {
  depart(departure: Departure): Promise<Settled>;
  land(flightId: string, outcome: Outcome): Promise<Settled>;
}

export interface RegistrationOptions {
  store: Pick<BoardStore, 'find' | 'register' | 'land'>;
  askModel: AskModel;
  /** What the base rate is computed from. Must not fail. */
  tally: () => Promise<Tally>;
  /** Told about each flight that was registered. */
  onRegistered: (flight: Flight) => void;
}

export function createRegistration(options: RegistrationOptions): Registration {
  const { store } = options;

  async function depart(input: Departure): Promise<Settled> {
    const departure = { ...input, departedAt: canonicalInstant(input.departedAt) };
    const verdict = judgeDeparture(await store.find(departure.flightId), departure);
    if (verdict.kind !== 'new') return verdict;
    const risk = await riskOf(departure);
    if (!(await store.register(departure, risk))) return depart(input);
    const flight: Flight = { ...departure, risk, outcome: null };
    options.onRegistered(flight);
    return { kind: 'written', flight };
  }

  async function riskOf(departure: Departure): Promise<Risk> {
    const answer = await options.askModel(departure);
    if (answer.kind === 'answered') return riskFromModel(answer);
    return riskFromBaseRate(answer.because, await options.tally());
  }

  async function land(flightId: string, input: Outcome): Promise<Settled> {
    const outcome = { ...input, landedAt: canonicalInstant(input.landedAt) };
    const flight = await store.find(flightId);
    if (flight === undefined) return { kind: 'unknown' };
    const verdict = judgeOutcome(flight, outcome);
    if (verdict.kind !== 'new') return verdict;
    if (!(await store.land(flightId, outcome))) return land(flightId, input);
    return { kind: 'written', flight: { ...flight, outcome } };
  }

  return { depart, land };
}
