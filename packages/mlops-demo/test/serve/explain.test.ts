import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { FEATURE_COUNT, FEATURE_NAMES } from '../../src/features/names.js';
import { scoreBatch } from '../../src/model.js';
import { seedRandom } from '../../src/seeded-random.js';
import { explain } from '../../src/serve/explain.js';
import type { Explanation } from '../../src/serve/explain.js';
import { FACTORS, FACTOR_INDEX } from '../../src/serve/factors.js';
import { shapleyValues } from '../../src/serve/shapley-values.js';
import { TokenBucket } from '../../src/serve/token-bucket.js';
import { deploy, emptyRegistry, startServer } from './harness.js';
import { flightsOf, randomModel } from './world.js';

beforeAll(async () => {
  await chooseBackend('cpu');
});

/** Every order in which n things can come. */
function ordersOf(n: number): number[][] {
  if (n === 0) return [[]];
  return ordersOf(n - 1).flatMap((order) =>
    Array.from({ length: n }, (_, place) => order.toSpliced(place, 0, n - 1)),
  );
}

/** The definition, word for word: in each order, what each adds when it comes. */
function byDefinition(players: number, worth: (isIn: ReadonlySet<number>) => number): number[] {
  const orders = ordersOf(players);
  const sums = Array.from({ length: players }, () => 0);
  for (const order of orders) {
    const isIn = new Set<number>();
    for (const player of order) {
      const before = worth(isIn);
      isIn.add(player);
      sums[player] = (sums[player] ?? 0) + worth(isIn) - before;
    }
  }
  return sums.map((sum) => sum / orders.length);
}

const setOf = (combination: number, players: number): Set<number> =>
  new Set(
    Array.from({ length: players }, (_, player) => player).filter((player) => (combination >> player) & 1),
  );

describe('Shapley values', () => {
  it('of the glove game are those of the literature', () => {
    // One left glove (player 0), two right ones: a pair is worth 1. Shapley value (2/3, 1/6, 1/6).
    const worth = Array.from({ length: 8 }, (_, combination) => {
      const isIn = setOf(combination, 3);
      return isIn.has(0) && (isIn.has(1) || isIn.has(2)) ? 1 : 0;
    });
    const values = shapleyValues(worth);
    expect(values).toEqual([2 / 3, 1 / 6, 1 / 6].map((value) => expect.closeTo(value, 12) as number));
  });

  it('equal the mean over all orders, and add up to what all reach', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 16, maxLength: 16 }),
        (worth) => {
          const values = shapleyValues(worth);
          const direct = byDefinition(
            4,
            (isIn) => worth[[...isIn].reduce((sum, player) => sum + 2 ** player, 0)] ?? NaN,
          );
          expect(values).toEqual(direct.map((value) => expect.closeTo(value, 9) as number));
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(
            (worth[15] ?? NaN) - (worth[0] ?? NaN),
            9,
          );
        },
      ),
    );
  });

  it('need the worth of every combination', () => {
    expect(() => shapleyValues([0, 1, 2])).toThrow('expected 2ⁿ combinations, got 3');
  });
});

describe('explanations', () => {
  const random = seedRandom(21);
  const row = (): Float32Array => Float32Array.from({ length: FEATURE_COUNT }, () => (random() - 0.5) * 30);
  const at = (numbers: ArrayLike<number>, index: number): number => numbers[index] ?? NaN;
  const only = (explained: readonly Explanation[]): Explanation => {
    const [first] = explained;
    if (first === undefined) throw new Error('expected an explanation, got none');
    return first;
  };

  it('equal a Shapley value by brute force over all 720 orders of the factors', () => {
    const model = randomModel(4);
    const inputs = row();
    const worth = (isIn: ReadonlySet<number>): number =>
      scoreBatch(
        model,
        inputs.map((value, input) =>
          isIn.has(at(FACTOR_INDEX, input)) ? value : at(model.normaliser.means, input),
        ),
      )[0] ?? NaN;
    const known = new Map<string, number>();
    const remembered = (isIn: ReadonlySet<number>): number => {
      const key = [...isIn].toSorted((a, b) => a - b).join();
      const value = known.get(key) ?? worth(isIn);
      known.set(key, value);
      return value;
    };
    const direct = byDefinition(FACTORS.length, remembered);
    const explanation = only(explain(model, inputs));
    for (const { factor, points } of explanation.attributions)
      expect(points).toBeCloseTo(at(direct, FACTORS.indexOf(factor)), 6);
  });

  it('add up to the risk less that of an average flight, for any flight', () => {
    const model = randomModel(4);
    const rows = Float32Array.from({ length: 10 * FEATURE_COUNT }, () => (random() - 0.5) * 60);
    const risks = scoreBatch(model, rows);
    const [average] = scoreBatch(model, Float32Array.from(model.normaliser.means));
    for (const [index, { probability, baseline, attributions }] of explain(model, rows).entries()) {
      const sum = attributions.reduce((total, { points }) => total + points, 0);
      expect(probability).toBeCloseTo(at(risks, index), 6);
      expect(baseline).toBeCloseTo(average ?? NaN, 6);
      expect(sum).toBeCloseTo(probability - baseline, 6);
    }
  });

  it('give nothing to a factor that is average, and say so in one sentence', () => {
    const model = randomModel(4);
    const inputs = Float32Array.from(model.normaliser.means);
    const slot = FEATURE_NAMES.indexOf('timetable slot, mean delay');
    inputs[slot] = 40;
    const explanation = only(explain(model, inputs));
    const [first, ...others] = explanation.attributions;
    expect(first).toEqual({
      factor: 'timetable',
      points: expect.closeTo(explanation.probability - explanation.baseline, 9) as number,
    });
    expect(others.every(({ points }) => Math.abs(points) < 1e-9)).toBe(true);
    expect(explanation.because).toMatch(/^an average flight has \d+\.\d %; points: timetable [+−]\d+\.\d, /);
  });
});

describe('POST /v1/explain', () => {
  const FLIGHT = {
    flightId: 'ATL-SDF-20010201T0815',
    origin: 'ATL',
    destination: 'SDF',
    departedAt: '2001-02-01T08:15:00-05:00',
    distanceMiles: 321,
  };
  interface Answer {
    modelVersion: string;
    scale: string;
    explanations: {
      flightId: string;
      probability: number;
      baseline: number;
      attributions: { points: number }[];
    }[];
  }

  it('explains what POST /v1/predict answers, ten flights at most, at a rate of its own', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', flightsOf('2001-01-17', 15, 60));
    const server = await startServer(modelsDir);
    expect((await server.post('/v1/explain', { flights: [FLIGHT] })).status).toBe(503);
    await server.ready();
    const [risk] = await server.predict([FLIGHT]);
    const response = await server.post('/v1/explain', { flights: [FLIGHT] });
    const { explanations, ...answer } = (await response.json()) as Answer;
    expect(answer).toEqual({ modelVersion: 'm-1', scale: 'probability' });
    const [explained] = explanations;
    expect(explained?.flightId).toBe(FLIGHT.flightId);
    expect(explained?.probability).toBeCloseTo(risk ?? NaN, 6);
    const sum = explained?.attributions.reduce((total, { points }) => total + points, 0);
    expect(sum).toBeCloseTo((explained?.probability ?? NaN) - (explained?.baseline ?? NaN), 6);

    const eleven = await server.post('/v1/explain', { flights: Array.from({ length: 11 }, () => FLIGHT) });
    expect(eleven.status).toBe(422);
    expect(await eleven.json()).toMatchObject({
      errors: [{ field: 'flights', fix: 'expected at most 10 flights; send the rest in another request' }],
    });

    const many = Array.from({ length: 30 }, async () =>
      server.post('/v1/explain', { flights: Array.from({ length: 10 }, () => FLIGHT) }),
    );
    const refused = (await Promise.all(many)).find(({ status }) => status === 429);
    expect(refused?.headers.get('retry-after')).toBe('1');
    expect(await server.predict([FLIGHT])).toEqual([risk]);
  });
});

describe('token bucket', () => {
  it('grants a burst, then the rate, and says how long to wait', () => {
    const bucket = new TokenBucket({ burst: 20, perSecond: 20 });
    expect(bucket.take(20, 5)).toBe(0);
    expect(bucket.take(1, 5)).toBeCloseTo(0.05, 12);
    expect(bucket.take(10, 5.5)).toBe(0);
    expect(bucket.take(10, 5.75)).toBeCloseTo(0.25, 12);
    expect(bucket.take(20, 99)).toBe(0);
    expect(bucket.take(1, 99)).toBeGreaterThan(0);
  });
});
