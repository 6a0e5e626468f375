/**
 * Fit: the weights and the start that make the squared one-step errors smallest.
 *
 * in: values, which parts the method has, a first guess of the start → out: Fitted
 *
 * Rule: Nelder-Mead (nelder-mead.ts) over the weights, and over the first level and trend. Weights live between 0 and 1, so
 * the search runs over their logits. The season's start is not searched: it is the guess.
 * When it misleads: best one step ahead is not best fifty steps ahead. choose-method.ts therefore measures at the horizon.
 * Source: Hyndman and Athanasopoulos (2021), section 8.6; phi between 0.8 and 0.98, as there.
 */
import { nelderMead } from './nelder-mead.js';
import type { Fitted } from './method.js';
import { smooth } from './smoothing.js';
import type { States } from './smoothing.js';

export interface Parts {
  readonly hasTrend: boolean;
  readonly isDamped: boolean;
  readonly hasSeason: boolean;
}

const LEAST_PHI = 0.8;
const MOST_PHI = 0.98;
/** Where the search begins, as logits: alpha 0.3, beta a tenth of it, gamma 0.1, phi 0.93. */
const FIRST = { alpha: -0.85, beta: -2.2, gamma: -2.2, phi: 0.6 };
const LOGIT_STEP = 1;
/** In usual steps of the series. */
const LEVEL_STEP = 0.5;
const TREND_STEP = 0.1;

export function fit(values: readonly number[], parts: Parts, guess: States): Fitted {
  const axes = axesOf(parts);
  const scale = meanStep(values);
  const read = (point: readonly number[]) =>
    asFitted(Object.fromEntries(axes.map(({ name }, axis) => [name, point[axis] ?? 0])), parts, guess, scale);
  const cost = (point: readonly number[]) => {
    const { weights, start } = read(point);
    return smooth(values, weights, start).errors.reduce((sum, error) => sum + error * error, 0);
  };
  return read(
    nelderMead(
      cost,
      axes.map(({ first }) => first),
      axes.map(({ step }) => step),
    ),
  );
}

/** What is searched: only what the method has. */
function axesOf({ hasTrend, isDamped, hasSeason }: Parts): { name: string; first: number; step: number }[] {
  const weight = (name: keyof typeof FIRST) => ({ name, first: FIRST[name], step: LOGIT_STEP });
  return [
    weight('alpha'),
    { name: 'level', first: 0, step: LEVEL_STEP },
    ...(hasTrend ? [weight('beta'), { name: 'trend', first: 0, step: TREND_STEP }] : []),
    ...(isDamped ? [weight('phi')] : []),
    ...(hasSeason ? [weight('gamma')] : []),
  ];
}

/** Beta is a share of alpha, and gamma of 1 − alpha: there the smoothing is stable. */
function asFitted(
  point: Readonly<Record<string, number>>,
  parts: Parts,
  guess: States,
  scale: number,
): Fitted {
  const alpha = share(point['alpha']);
  return {
    weights: {
      alpha,
      beta: alpha * share(point['beta']),
      gamma: (1 - alpha) * share(point['gamma']),
      phi: parts.isDamped ? LEAST_PHI + (MOST_PHI - LEAST_PHI) * share(point['phi']) : 1,
    },
    start: {
      level: guess.level + scale * (point['level'] ?? 0),
      trend: parts.hasTrend ? guess.trend + scale * (point['trend'] ?? 0) : 0,
      season: guess.season,
    },
  };
}

/** A part that the method has not takes no share. */
function share(logit = -Infinity): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The usual size of a step, so that the search moves in the series' own unit. */
function meanStep(values: readonly number[]): number {
  let sum = 0;
  for (let t = 1; t < values.length; t += 1) sum += Math.abs((values[t] ?? 0) - (values[t - 1] ?? 0));
  return sum / Math.max(1, values.length - 1) || 1;
}
