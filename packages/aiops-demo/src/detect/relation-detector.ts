/**
 * Relation detector: a service's signals each look normal, but do they still fit together?
 *
 * in: one value of each signal of a service → out: RelationVerdict
 *
 * Rule: from the correlations (fading-normal.ts) each signal is predicted by all the others: with P the inverse of the correlations,
 * signal i is (P z)_i / P_ii away from what the others say. The distance counts in spreads of its own earlier errors,
 * where the others explained three quarters of its variance: what was never close cannot break. Broken: 6 spreads or more,
 * in 4 of the last 5 values, while every signal alone is within 4 of its own spreads (watch-signal.ts is for what is not).
 * When it misleads: a relation that is no straight line is only seen roughly; two signals that break together in the old relation
 * hide; which of two signals is the wrong one cannot be told from two; a break that lasts is the new relation after some
 * hundred values. A round with a missing value is skipped.
 * Source: conditional normal distribution by the precision matrix (Lauritzen 1996); the sum over all signals is the Mahalanobis
 * distance (1936).
 *
 *   // requests between 10 and 20, CPU always 3 % a request; now 12 requests and 57 % CPU: both seen every day, never together
 *   // { state: 'anomalous', relation: { signal: 'cpu', expected: 36, seen: 57, unusual: 20, … } }
 */
import { FadingNormal } from './fading-normal.js';
import { invert } from './invert.js';
import { persists } from './persistence.js';
import { createTimeOrder } from './time-order.js';

/** The same limit as for a single signal (watch-signal.ts): many relations are judged, day and night. */
const UNUSUAL = 6;
/** A signal further from its own mean than this is unusual alone. */
const ALONE = 4;
/** The others must explain three quarters of a signal's variance. */
const CLOSE = 0.25;
const LASTING = { k: 4, n: 5 } as const;
/** About ten values for each of a handful of signals: fewer make chance correlations. */
const LEARN_VALUES = 60;
const ERROR_RATE = 0.01;
/** No single error may widen the spread of errors by much. */
const ERROR_CUT_OFF = 3;
/** Correlations change slowly; the inverse is the costly part. */
const INVERT_EVERY = 10;

export interface RelationVerdict {
  readonly state: 'learning' | 'normal' | 'anomalous' | 'ignored';
  /** The largest distance of a signal from what the others say, in spreads; 0 while it cannot be judged. */
  readonly unusual: number;
  readonly relation: BrokenRelation | null;
}

export interface BrokenRelation {
  readonly signal: string;
  /** What the other signals say it should be. */
  readonly expected: number;
  readonly seen: number;
  readonly unusual: number;
  /** Milliseconds since 1970 of the first value outside. */
  readonly since: number;
  readonly because: string;
}

export interface RelationDetector {
  next(at: number, values: readonly (number | null)[]): RelationVerdict;
}

export function createRelationDetector(signals: readonly string[]): RelationDetector {
  if (signals.length < 2)
    throw new Error(`createRelationDetector: expected two signals or more, got ${signals.length}`);
  const normal = new FadingNormal(signals.length);
  const errors = signals.map(() => 0);
  let precision: number[][] = [];
  let outside: boolean[] = [];
  let since: number | null = null;
  const orderOf = createTimeOrder();

  function next(at: number, samples: readonly (number | null)[]): RelationVerdict {
    const values = samples.filter((value): value is number => value !== null && Number.isFinite(value));
    if (values.length !== signals.length || orderOf(at) === 'late')
      return { state: 'ignored', unusual: 0, relation: null };
    if (normal.count % INVERT_EVERY === 0) precision = invert(normal.correlations());
    const z = normal.standardise(values);
    const residuals = precision.map((row, i) => row.reduce((sum, p, j) => sum + p * z[j]!, 0) / row[i]!);
    const unusuals = residuals.map((residual, i) => inSpreads(residual, errors[i]!));
    const expected = z.map((distance, i) => normal.valueOf(i, distance - residuals[i]!));
    const isLearning = normal.count < LEARN_VALUES;
    learnErrors(errors, residuals, normal.count);
    normal.learn(values);
    if (isLearning) return { state: 'learning', unusual: 0, relation: null };

    const unusual = Math.max(...unusuals);
    const isOutside = unusual >= UNUSUAL && z.every((distance) => Math.abs(distance) < ALONE);
    outside = [...outside, isOutside].slice(-LASTING.n);
    since = outside.includes(true) ? (since ?? at) : null;
    const isBroken = isOutside && persists(outside, LASTING);
    if (!isBroken) return { state: 'normal', unusual, relation: null };
    const i = unusuals.indexOf(unusual);
    const relation = inWords(signals[i]!, expected[i]!, values[i]!, unusual, since ?? at);
    return { state: 'anomalous', unusual, relation };
  }
  return { next };
}

/** 0 where there was no close relation that could break. */
function inSpreads(residual: number, error: number): number {
  return error > 0 && error <= CLOSE ? Math.abs(residual) / Math.sqrt(error) : 0;
}

function learnErrors(errors: number[], residuals: readonly number[], count: number): void {
  const rate = Math.max(ERROR_RATE, 1 / (count + 1));
  residuals.forEach((residual, i) => {
    const most = count < LEARN_VALUES ? Infinity : ERROR_CUT_OFF ** 2 * errors[i]!;
    errors[i]! += rate * (Math.min(residual * residual, most) - errors[i]!);
  });
}

function inWords(
  signal: string,
  expected: number,
  seen: number,
  unusual: number,
  since: number,
): BrokenRelation {
  const [expectedText, seenText] = [expected, seen].map((value) => String(Number(value.toPrecision(3))));
  const because =
    `${signal} alone is usual, but the other signals say ${expectedText}, seen ${seenText}, ` +
    `${Math.round(unusual)} times the usual difference, since ${new Date(since).toISOString()}`;
  return { signal, expected, seen, unusual, since, because };
}
