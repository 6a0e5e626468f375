/**
 * Risk: the model's answer when there is one, otherwise a base rate that says it is one.
 *
 * in: ModelAnswer, Tally → out: Risk
 *
 * Rule: base rate = (late + 0.21 · 100) / (landed + 100). The share of late flights that the board has seen, with the
 * records' own share (0.21) counting as much as a hundred flights, so that the first landing does not make it 0 or 1.
 * When it misleads: flights that are on time land first, so the share starts too low on every day; and it is the same
 * for every flight, so it ranks nothing. It keeps the board honest, not useful: hence `degraded`.
 * Source: 626,590 of 3,000,000 recorded flights of January to June 2001 arrived 15 minutes late or later: 0.209.
 *
 *   baseRateOf({ flights: 0, landed: 0, late: 0, degraded: 0 })       // 0.21
 *   baseRateOf({ flights: 900, landed: 900, late: 279, degraded: 0 }) // 0.3
 */
import type { Risk } from './flight.js';
import type { Tally } from './tally.js';

/** What came of asking the model server. */
export type ModelAnswer = Prediction | { kind: 'failed'; because: string };

export interface Prediction {
  kind: 'answered';
  probability: number;
  modelVersion: string;
}

const RECORDED_LATE_SHARE = 0.21;
const RECORDED_WEIGHT_FLIGHTS = 100;

export function baseRateOf({ landed, late }: Tally): number {
  return (late + RECORDED_LATE_SHARE * RECORDED_WEIGHT_FLIGHTS) / (landed + RECORDED_WEIGHT_FLIGHTS);
}

export function riskFromModel({ probability, modelVersion }: Prediction): Risk {
  return { probability, source: 'model', degraded: false, modelVersion };
}

/** @param because why the model did not answer */
export function riskFromBaseRate(because: string, tally: Tally): Risk {
  const { landed } = tally;
  const probability = baseRateOf(tally);
  const where = landed === 0 ? 'in the records' : `on this board, where ${landed} landed`;
  const share = `${probability.toFixed(2)} is the share of late flights ${where}`;
  return {
    probability,
    source: 'base-rate',
    degraded: true,
    modelVersion: null,
    because: `${because}; ${share}`,
  };
}
