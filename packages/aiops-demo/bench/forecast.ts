/**
 * `npm run -s bench:forecast`: how good are the forecasts, do their intervals hold what they say, and when is a limit hit?
 *
 *   --kit DIR                              the NAB kit, for its 29 series; skipped with a message when it is not there
 *   --train FILE --horizon N --out FILE    forecast the series of a CSV (id, then values) into another, and nothing else
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  brierScore,
  forecastValues,
  intervalOf,
  overallWeightedAverage,
  scaledError,
  symmetricError,
  whenWillItHit,
} from 'aiops-demo';
import { ramps } from './forecast-ramps.js';
import { nabSeries, publicSeries } from './forecast-series.js';
import type { BenchSeries } from './forecast-series.js';
import { naive2 } from './naive2.js';
import { benchOptions } from './options.js';
import { printTable } from './table.js';

const ORIGINS = 6;
/** Forecasts begin behind so much of a series. */
const FIRST_ORIGIN_SHARE = 0.6;
const MOST_PAST = 1_500;
const RAMPS_EACH = 60;
const SHARES = [0.8, 0.95] as const;

interface Score {
  readonly smape: number;
  readonly mase: number;
  /** Share of values inside the 80 and 95 % intervals. */
  readonly inside: readonly number[];
}

const base = process.env['INIT_CWD'] ?? process.cwd();
const { values: options } = parseArgs({
  options: Object.fromEntries(
    ['kit', 'train', 'horizon', 'out'].map((name) => [name, { type: 'string' as const }]),
  ),
});
const { train, horizon, out, kit } = options as Record<string, string | undefined>;
if (train !== undefined && out !== undefined) writeForecasts(train, Number(horizon ?? 48), out);
else {
  backTest();
  hits();
}

/** In the form of a test file: id, then the forecasts. */
function writeForecasts(from: string, steps: number, to: string): void {
  const lines = readFileSync(resolve(base, from), 'utf8').split(/\r?\n/);
  const rows = lines.flatMap((line) => {
    const [id = '', ...cells] = line.split(',').map((cell) => cell.replaceAll('"', '').trim());
    const end = cells.findIndex((cell) => cell === '' || !Number.isFinite(Number(cell)));
    const values = cells.slice(0, end === -1 ? undefined : end).map(Number);
    return values.length === 0 ? [] : [[id, ...forecastValues(values, steps).middle].join(',')];
  });
  writeFileSync(resolve(base, to), `${rows.join('\n')}\n`);
  console.log(`forecast ${rows.length} series, ${steps} steps each`);
}

function backTest(): void {
  const place = kit === undefined ? benchOptions('nab', []).kit : resolve(base, kit);
  const nab = place === undefined ? [] : nabSeries(place);
  if (nab.length === 0) console.log('The NAB kit is not here (--kit DIR): its series are skipped.\n');
  const series = [...publicSeries(), ...nab];
  console.log(
    `Rolling origins, ${ORIGINS} for each series. OWA: 1 is Naive2, lower is better. The last columns: values inside the intervals, in %.\n`,
  );
  const rows = [...new Set(series.map(({ group }) => group))].flatMap((group) => {
    const cases = series.filter((one) => one.group === group).flatMap(casesOf);
    return groupRows(group, cases);
  });
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

interface Answer {
  readonly kind: string;
  readonly probability: number;
  readonly byLine: number;
  readonly happened: boolean;
  /** Of hits that happened: did they lie in the 80 % range? */
  readonly isInRange: boolean | null;
}

function hits(): void {
  const answers = ramps(RAMPS_EACH).map(({ kind, past, future, limit }): Answer => {
    const said = whenWillItHit({ values: past, stepMs: 1, endsAt: 0 }, limit, future.length);
    const at = future.findIndex((value) => value >= limit) + 1;
    const when = said.kind === 'forecast' ? said.when : null;
    return {
      kind,
      probability: said.kind === 'forecast' ? said.probability : 0,
      byLine: lineAt(past, past.length - 1 + future.length) >= limit ? 1 : 0,
      happened: at > 0,
      isInRange: at === 0 || when === null ? null : at >= when.earliest && at <= when.latest,
    };
  });
  console.log(
    `\nWhen is the limit hit? Seeded series, ${RAMPS_EACH} of each kind, 90 values back, 60 ahead. Brier score: 0 is certain and right.\n`,
  );
  const kinds = [...new Set(answers.map(({ kind }) => kind)), 'all'];
  printTable(
    ['resource', 'hit', 'ours', 'straight line', 'base rate', 'hits inside the 80 % range'],
    kinds.map((kind) => hitRow(kind, kind === 'all' ? answers : answers.filter((one) => one.kind === kind))),
  );
  console.log('\nOf what was said with such a probability, so much happened:\n');
  printTable(['said', 'answers', 'mean said', 'happened'], reliability(answers));
}

function hitRow(kind: string, answers: readonly Answer[]): string[] {
  const rate = answers.filter(({ happened }) => happened).length / answers.length;
  const ranged = answers.filter(({ isInRange }) => isInRange !== null);
  return [
    kind,
    `${(100 * rate).toFixed(0)} %`,
    brierScore(answers).toFixed(3),
    brierScore(answers.map(({ byLine, happened }) => ({ probability: byLine, happened }))).toFixed(3),
    (rate * (1 - rate)).toFixed(3),
    `${((100 * ranged.filter(({ isInRange }) => isInRange).length) / ranged.length).toFixed(0)} %`,
  ];
}

function reliability(answers: readonly Answer[]): string[][] {
  return [0, 0.2, 0.4, 0.6, 0.8].map((from) => {
    const bin = answers.filter(
      ({ probability }) => Math.min(4, Math.floor(probability * 5)) === Math.round(from * 5),
    );
    const mean = (of: (answer: Answer) => number) =>
      (bin.reduce((sum, answer) => sum + of(answer), 0) / bin.length).toFixed(2);
    const said = mean(({ probability }) => probability);
    return [
      `${from} to ${(from + 0.2).toFixed(1)}`,
      String(bin.length),
      said,
      mean(({ happened }) => Number(happened)),
    ];
  });
}

/** Prometheus' `predict_linear`: a least-squares line, looked at in the future. */
function lineAt(values: readonly number[], time: number): number {
  const [meanX, meanY] = [
    (values.length - 1) / 2,
    values.reduce((sum, value) => sum + value, 0) / values.length,
  ];
  let [xy, xx] = [0, 0];
  values.forEach((value, step) => {
    xy += (step - meanX) * (value - meanY);
    xx += (step - meanX) ** 2;
  });
  return meanY + (xy / xx) * (time - meanX);
}
