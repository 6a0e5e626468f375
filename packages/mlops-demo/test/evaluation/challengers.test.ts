/** Challengers that must not pass, each made from real flights, and one that must. */
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import type { FlightColumns } from '../../src/data/columns.js';
import { evaluate } from '../../src/evaluate.js';
import { compareSlices, sliceSentence } from '../../src/evaluation/compare-slices.js';
import { compareWithChampion } from '../../src/evaluation/compare-with-champion.js';
import type { ChampionComparison } from '../../src/evaluation/compare-with-champion.js';
import { computeFeatures } from '../../src/features.js';
import type { Features, FeatureTable } from '../../src/features.js';
import { FEATURE_COUNT } from '../../src/features/names.js';
import { gate } from '../../src/gate.js';
import { normalise, scoreBatch } from '../../src/model.js';
import { seedRandom } from '../../src/seeded-random.js';
import { split } from '../../src/split.js';
import { train } from '../../src/train.js';
import type { Trained } from '../../src/train.js';
import { fitLogisticRegression, scoreLogistic } from '../../src/train/logistic-regression.js';
import { SDF_PLAN, sdfFlights } from '../sdf.js';

let flights: FlightColumns;
let features: Features;
let champion: Trained;
beforeAll(async () => {
  await chooseBackend('wasm');
  flights = await sdfFlights();
  features = computeFeatures(flights, split(flights, SDF_PLAN), SDF_PLAN);
  champion = await train(features.train, SDF_PLAN);
});

/** May and June. */
function risksOf({ model }: Trained): Float32Array {
  return Float32Array.from(features.tests.flatMap(({ rows }) => [...scoreBatch(model, rows)]));
}

function compare(challenger: Float32Array, against = risksOf(champion)): ChampionComparison {
  const labels = Uint8Array.from(features.tests.flatMap((test) => [...test.labels]));
  const blocks = Uint16Array.from(features.tests.flatMap((test) => [...test.days]));
  return compareWithChampion({ labels, blocks, challenger, champion: against });
}

/** What the gate says of a model that is otherwise beyond doubt. */
function verdictOn(comparison: ChampionComparison) {
  const { evaluations } = evaluate(champion.model, features, flights);
  return gate(evaluations, SDF_PLAN.limits, { comparison });
}

function first(count: number, { rows, labels, days, positions }: FeatureTable): FeatureTable {
  return {
    rows: rows.subarray(0, count * FEATURE_COUNT),
    labels: labels.subarray(0, count),
    days: days.subarray(0, count),
    positions: positions.subarray(0, count),
  };
}

function relabelled(change: (label: number, row: number) => number): FeatureTable {
  return { ...features.train, labels: features.train.labels.map(change) };
}

describe('against the model of Louisville', () => {
  test('the champion, trained on four months, beats one of three weeks, and passes', async () => {
    const small = await train(first(2000, features.train), SDF_PLAN);
    const found = compare(risksOf(champion), risksOf(small));
    expect(found).toMatchObject({ state: 'better' });
    expect(verdictOn(found)).toMatchObject({ state: 'passed' });
  });

  test('the model of three weeks is worse', async () => {
    const small = await train(first(2000, features.train), SDF_PLAN);
    const found = compare(risksOf(small));
    expect(found.state).toBe('worse');
    expect(verdictOn(found).because).toMatch(/^not better than the champion: log loss higher by 0\.\d{4}/);
  });

  test('the same model with another seed is equal: no reason to change', async () => {
    const other = await train(features.train, { ...SDF_PLAN, seed: 2 });
    const found = compare(risksOf(other));
    expect(found.state).toBe('equal');
    expect(verdictOn(found).because).toMatch(/^not better than the champion: .* less may be the seed$/);
  });

  test('a logistic regression on the same inputs is not better', () => {
    const { normaliser } = champion.model;
    const { rows, labels } = features.train;
    const lines = fitLogisticRegression(normalise(rows, normaliser), FEATURE_COUNT, labels, 1);
    const risks = Float32Array.from(
      features.tests.flatMap((test) => [...scoreLogistic(normalise(test.rows, normaliser), lines)]),
    );
    expect(compare(risks).state).not.toBe('better');
    expect(verdictOn(compare(risks)).state).toBe('failed');
  });

  test('a model that learned from 20 % flipped labels is miscalibrated, and the reason says so', async () => {
    const random = seedRandom(5);
    const flipped = await train(
      relabelled((label) => (random() < 0.2 ? 1 - label : label)),
      SDF_PLAN,
    );
    const found = compare(risksOf(flipped));
    expect(found).toMatchObject({ state: 'worse' });
    expect(found.because).toMatch(/calibration error changes by \+0\.[01]\d{3}/);
  });

  test('a model that learned from shuffled labels fails every limit', async () => {
    const { labels } = features.train;
    const shuffled = await train(
      relabelled((_, row) => labels[(row * 7919) % labels.length] ?? 0),
      SDF_PLAN,
    );
    expect(compare(risksOf(shuffled)).because).toMatch(/worse than the champion; AUC changes by −0\.[34]/);
    const { evaluations } = evaluate(shuffled.model, features, flights);
    const { state, because } = gate(evaluations, SDF_PLAN.limits);
    expect(state).toBe('failed');
    expect(because).toContain('May: AUC is ');
  });

  test('a model that is ruined for one airport only is refused for that slice, whatever the limits on the whole', () => {
    const origin = flights.codes.indexOf('SDF');
    const rest = features.tests.map(({ positions, rows, ...test }) => {
      const ruined = rows.slice();
      for (const [row, position] of positions.entries()) {
        if (flights.origins[position] !== origin) continue;
        ruined.fill(3, row * FEATURE_COUNT + 13, (row + 1) * FEATURE_COUNT);
      }
      return { ...test, positions, rows: ruined };
    });
    const { evaluations } = evaluate(champion.model, { ...features, tests: rest }, flights);
    const limits = { ...SDF_PLAN.limits, leastAuc: 0, leastSkill: -9, mostEce: 1, leastAucGain: -1 };
    const { state, because } = gate(evaluations, limits);
    expect(state).toBe('failed');
    expect(because).toContain('May: skill on every slice: airport SDF with -');
  });

  test('a model that is ruined for one airport is unfair to it, with both numbers', () => {
    const origin = flights.codes.indexOf('SDF');
    const positions = Uint32Array.from(features.tests.flatMap((test) => [...test.positions]));
    const labels = Uint8Array.from(features.tests.flatMap((test) => [...test.labels]));
    const blocks = Uint16Array.from(features.tests.flatMap((test) => [...test.days]));
    const risks = risksOf(champion);
    const ruined = risks.map((risk, row) =>
      flights.origins[positions[row] ?? 0] === origin ? 1 - risk : risk,
    );
    const paired = { labels, blocks, challenger: ruined, champion: risks } as const;
    const [worst] = compareSlices(flights, positions, paired);
    expect(worst).toMatchObject({ by: 'airport', name: 'SDF', unfair: true });
    expect(worst && sliceSentence(worst)).toMatch(
      /^airport SDF with log loss [1-9]\.\d{3}, the champion's 0\.\d{3} \(\d,\d{3} flights\)$/,
    );
  });
});
