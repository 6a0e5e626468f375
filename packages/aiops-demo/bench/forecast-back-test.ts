/** Back-test: forecasts from many moments of real series, beside naive, seasonal naive and Naive2. */
import { forecastValues, intervalOf, overallWeightedAverage, scaledError, symmetricError } from 'aiops-demo';
import type { BenchSeries } from './forecast-series.js';
import { naive2 } from './naive2.js';
import { printTable } from './table.js';

const ALL = 'all';
const ORIGINS = 6;
/** Forecasts begin behind so much of a series. */
const FIRST_ORIGIN_SHARE = 0.6;
const MOST_PAST = 1_500;
const SHARES = [0.8, 0.95] as const;

interface Score {
  readonly smape: number;
  readonly mase: number;
  /** Share of values inside the 80 and 95 % intervals. */
  readonly inside: readonly number[];
}

export function printBackTest(series: readonly BenchSeries[]): void {
  console.log(
    `Rolling origins, ${ORIGINS} for each series. OWA: 1 is Naive2, lower is better. The last columns: values inside the intervals, in %.\n`,
  );
  const groups = [...new Set(series.map(({ group }) => group)), ALL];
  const rows = groups.flatMap((group) =>
    groupRows(group, series.filter((one) => group === ALL || one.group === group).flatMap(casesOf)),
  );
  printTable(['series', 'method', 'forecasts', 'sMAPE', 'MASE', 'OWA', '80 %', '95 %'], rows);
}

interface Case {
  readonly past: readonly number[];
  readonly actual: readonly number[];
  readonly period: number;
}

function casesOf({ values, period, horizon: steps }: BenchSeries): Case[] {
  const first = Math.round(values.length * FIRST_ORIGIN_SHARE);
  return Array.from({ length: ORIGINS }, (_, index) => {
    const origin = first + Math.round(((values.length - steps - first) * index) / (ORIGINS - 1));
    const past = values.slice(Math.max(0, origin - MOST_PAST), origin);
    return {
      past,
      actual: values.slice(origin, origin + steps),
      period: past.length > 2 * period ? period : 1,
    };
  }).filter(({ past }) => new Set(past).size > 1);
}

function groupRows(group: string, cases: readonly Case[]): (string | number)[][] {
  const methods: Record<string, (one: Case) => Score> = {
    naive: (one) =>
      scoreOf(
        one,
        one.actual.map(() => one.past.at(-1) ?? 0),
      ),
    'seasonal naive': (one) =>
      scoreOf(
        one,
        one.actual.map((_, step) => one.past[one.past.length - one.period + (step % one.period)] ?? 0),
      ),
    Naive2: (one) => scoreOf(one, naive2(one.past, one.actual.length, one.period)),
    ours: (one) => {
      const forecast = forecastValues(one.past, one.actual.length);
      const inside = SHARES.map((share) => {
        const { low, high } = intervalOf(forecast, share);
        const held = one.actual.filter(
          (value, step) => value >= (low[step] ?? 0) && value <= (high[step] ?? 0),
        );
        return held.length / one.actual.length;
      });
      return { ...scoreOf(one, forecast.middle), inside };
    },
  };
  const scores = Object.entries(methods).map(([name, method]) => ({
    name,
    score: meanOf(cases.map(method)),
  }));
  const reference = scores.find(({ name }) => name === 'Naive2')?.score ?? { smape: 1, mase: 1 };
  return scores.map(({ name, score }) => [
    group,
    name,
    cases.length,
    score.smape.toFixed(2),
    score.mase.toFixed(3),
    overallWeightedAverage(score, reference).toFixed(3),
    ...SHARES.map((_, index) =>
      score.inside[index] === undefined ? '' : (100 * score.inside[index]).toFixed(1),
    ),
  ]);
}

function scoreOf({ past, actual, period }: Case, forecast: readonly number[]): Score {
  return {
    smape: symmetricError(actual, forecast),
    mase: scaledError(past, actual, forecast, period),
    inside: [],
  };
}

function meanOf(scores: readonly Score[]): Score {
  const valid = scores.filter(({ mase }) => Number.isFinite(mase));
  const mean = (of: (score: Score) => number) =>
    valid.reduce((sum, score) => sum + of(score), 0) / valid.length;
  const inside = (valid[0]?.inside ?? []).map((_, index) => mean((score) => score.inside[index] ?? 0));
  return { smape: mean(({ smape }) => smape), mase: mean(({ mase }) => mase), inside };
}
