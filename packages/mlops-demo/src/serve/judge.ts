/**
 * Judge: who gives each flight its risk, and who judges it in the shadow.
 *
 * in:  flights, the champion, and the challenger if there is one → out: a risk for each flight with the model it is from, or 'full'
 *
 * Rule: features are computed now; scoring waits for a batch. With a challenger each flight is judged by both: one gives the answer
 * (assign-flight.ts), the other is asked in its shadow, and nobody waits for it. A challenger that has no probability for a flight counts
 * as failed there, and the champion answers.
 *
 * When it misleads: under more load than the server bears, shadow questions are dropped first, and the paired comparison has gaps.
 */
import { FEATURE_COUNT } from '../features/names.js';
import { isAnsweredByChallenger } from './challenger/assign-flight.js';
import type { Challenge } from './challenger/follow-challenger.js';
import type { Side } from './challenger/trial.js';
import type { MicroBatcher } from './micro-batch.js';
import { rowsOf } from './predict.js';
import { inMinutes } from './predict-request.js';
import type { FlightInQuestion } from './predict-request.js';
import type { Serving } from './serving.js';

/** A risk, and whose it is. */
export interface Judgement {
  by: Serving;
  risk: number;
}

export interface JudgeOptions {
  champion: Serving;
  /** Whoever is champion when the challenger fails: by then it may be another one. */
  championNow: () => Serving;
  challenge: Challenge | undefined;
  batcher: MicroBatcher<Serving>;
  /** A shadow question found no room. */
  onDropped: () => void;
}

/** Undefined when too many wait already. */
export async function judge(
  flights: readonly FlightInQuestion[],
  options: JudgeOptions,
): Promise<Judgement[] | undefined> {
  const { champion, challenge } = options;
  if (challenge === undefined) return answersOf(champion, flights, options);
  const sides = flights.map((flight) => sideOf(flight, challenge));
  const groups = (['champion', 'challenger'] as const).map(async (side) => {
    const own = flights.filter((_, index) => sides[index] === side);
    return own.length === 0 ? [] : judgeByBoth(own, side, challenge, options);
  });
  const [byChampion, byChallenger] = await Promise.all(groups);
  if (byChampion === undefined || byChallenger === undefined) return undefined;
  const next = { champion: byChampion.values(), challenger: byChallenger.values() };
  return sides.map((side) => next[side].next().value!);
}

/** A flight without an id is the champion's: a retry of it could not be known. */
export function sideOf({ flightId }: FlightInQuestion, { record }: Pick<Challenge, 'record'>): Side {
  const { stage, share = 0 } = record;
  if (stage !== 'canary' || flightId === undefined) return 'champion';
  return isAnsweredByChallenger(flightId, share) ? 'challenger' : 'champion';
}

async function judgeByBoth(
  flights: readonly FlightInQuestion[],
  side: Side,
  challenge: Challenge,
  options: JudgeOptions,
): Promise<Judgement[] | undefined> {
  const { champion, batcher } = options;
  const { serving: challenger, trial } = challenge;
  const [by, beside] = side === 'champion' ? [champion, challenger] : [challenger, champion];
  const answer = batcher.ask(questionTo(by, flights));
  if (answer === undefined) return undefined;
  const shadow = batcher.askShadow(questionTo(beside, flights))?.catch(() => undefined);
  if (shadow === undefined) {
    trial.dropped(flights.length);
    options.onDropped();
  }
  const risks = await answer.catch(() => undefined);
  void compareLater(flights, side, risks, shadow, challenge).catch(options.onDropped);
  // A champion that fails has nobody to answer for it: the error is the answer's own.
  if (side === 'champion') await answer;
  const own = flights.map((_, index) => probability(risks?.[index]));
  const missing = flights.filter((_, index) => side === 'challenger' && own[index] === undefined);
  const spare = missing.length === 0 ? [] : await answersOf(options.championNow(), missing, options);
  if (spare === undefined) return undefined;
  const next = spare.values();
  return own.map((risk, index) => {
    const judged = risk === undefined && side === 'challenger' ? next.next().value : undefined;
    trial.answered(judged === undefined ? side : 'champion');
    return judged ?? { by, risk: risks![index]! };
  });
}

async function answersOf(
  serving: Serving,
  flights: readonly FlightInQuestion[],
  { batcher }: JudgeOptions,
): Promise<Judgement[] | undefined> {
  const risks = await batcher.ask(questionTo(serving, flights));
  return risks === undefined ? undefined : Array.from(risks, (risk) => ({ by: serving, risk }));
}

/** Tells the trial what both said, when the shadow has said it too. Never throws. */
async function compareLater(
  flights: readonly FlightInQuestion[],
  side: Side,
  answered: Float32Array | undefined,
  shadow: Promise<Float32Array | undefined> | undefined,
  { trial, serving, champion }: Challenge,
): Promise<void> {
  if (shadow === undefined) return;
  const shadowed = await shadow;
  const [ofChampion, ofChallenger] = side === 'champion' ? [answered, shadowed] : [shadowed, answered];
  const beside = side === 'champion' ? serving : champion;
  for (const [index, flight] of flights.entries()) {
    const { flightId } = flight;
    const risks = {
      champion: probability(ofChampion?.[index]),
      challenger: probability(ofChallenger?.[index]),
    };
    trial.judged(flightId, risks);
    const risk = probability(shadowed?.[index]);
    // Each model's monitor sees all that it judges, whoever answers.
    if (risk !== undefined) beside.monitor.predicted(flightId, risk, inMinutes(flight));
  }
}

function questionTo(model: Serving, flights: readonly FlightInQuestion[]) {
  const rows = rowsOf(model.features, flights.map(inMinutes));
  return { model, rows, rowCount: rows.length / FEATURE_COUNT };
}

function probability(risk: number | undefined): number | undefined {
  return risk !== undefined && risk >= 0 && risk <= 1 ? risk : undefined;
}
