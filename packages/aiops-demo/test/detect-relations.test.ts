import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FadingNormal } from '../src/detect/fading-normal.js';
import { invert } from '../src/detect/invert.js';
import { createRelationDetector } from '../src/detect/relation-detector.js';
import type { RelationVerdict } from '../src/detect/relation-detector.js';
import { robustZ } from '../src/detect/robust-z.js';
import { createSeriesDetector } from '../src/detect/series-detector.js';
import { createRelationMemory, watchRelations } from '../src/detect/watch-relations.js';
import { createWindowedGaussian } from '../src/detect/windowed-gaussian.js';
import { signals } from '../src/signals.js';
import { START, STEP_MS, asSamples, dice, healthy } from './simulation.js';

const SIGNALS = ['requests', 'cpu', 'latency'];
const BREAKS_AT = 1_000;

/** Load wanders; CPU and latency follow it. From BREAKS_AT on CPU wanders by itself, in the same range. */
function service(seed: number, length = 1_200): number[][] {
  const random = dice(seed);
  let [load, ofCpu] = [0, 0];
  return Array.from({ length }, (_, index) => {
    load = 0.95 * load + random() - 0.5;
    ofCpu = index < BREAKS_AT ? load : 0.95 * ofCpu + random() - 0.5;
    const small = () => (random() - 0.5) * 0.2;
    return [15 + load + small(), 40 + 3 * ofCpu + 3 * small(), 20 + 0.5 * load + small()];
  });
}

function watch(
  rows: readonly (readonly (number | null)[])[],
  detector = createRelationDetector(SIGNALS),
): RelationVerdict[] {
  return rows.map((values, index) => detector.next(START + index * STEP_MS, values));
}
const brokenRows = (verdicts: readonly RelationVerdict[]) =>
  verdicts.flatMap(({ relation }, row) => (relation === null ? [] : [row]));

describe('invert', () => {
  test('a diagonal and a textbook matrix', () => {
    expect(
      invert([
        [2, 0],
        [0, 4],
      ]),
    ).toEqual([
      [0.5, 0],
      [0, 0.25],
    ]);
    // [[4, 2], [2, 3]] has determinant 8 and the adjugate [[3, −2], [−2, 4]].
    expect(
      invert([
        [4, 2],
        [2, 3],
      ])
        .flat()
        .map((cell) => cell * 8),
    ).toEqual([3, -2, -2, 4].map((cell) => expect.closeTo(cell, 9) as number));
  });

  test('a matrix that is not positive definite is refused', () => {
    expect(() =>
      invert([
        [1, 1],
        [1, 1],
      ]),
    ).toThrow('expected a positive definite matrix');
  });

  test('times the matrix it is the identity', () => {
    const cell = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 3, maxLength: 3 }), (root) => {
        const matrix = root.map((a, i) =>
          root.map((b, j) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + (i === j ? 0.1 : 0)),
        );
        const inverse = invert(matrix);
        const cellOf = (row: readonly number[], column: number) =>
          row.reduce((sum, x, k) => sum + x * (inverse[k]?.[column] ?? 0), 0);
        const product = matrix.map((row) => row.map((_, column) => cellOf(row, column)));
        product.forEach((row, i) => row.forEach((x, j) => expect(x).toBeCloseTo(i === j ? 1 : 0, 6)));
      }),
    );
  });
});

test('fading normal: it finds mean, spread and correlation of what it sees', () => {
  const random = dice(1);
  const normal = new FadingNormal(2);
  for (let index = 0; index < 3_000; index += 1) {
    const common = random() - 0.5;
    normal.learn([10 + common, 5 + 2 * (common + random() - 0.5)]);
  }
  expect(normal.valueOf(0, 0)).toBeCloseTo(10, 0);
  expect(normal.valueOf(0, 1) - normal.valueOf(0, 0)).toBeCloseTo(Math.sqrt(1 / 12), 1);
  // Both halves of the second signal vary alike, so the correlation is √½.
  expect(normal.correlations()[0]?.[1]).toBeCloseTo(Math.SQRT1_2, 1);
});

describe('relation detector', () => {
  test('a relation that breaks is found within seconds while each signal alone looks normal to every single-signal detector', () => {
    const rows = service(2).slice(0, BREAKS_AT + 60);
    const [first] = brokenRows(watch(rows));
    expect(first).toBeGreaterThanOrEqual(BREAKS_AT);
    expect(first).toBeLessThan(BREAKS_AT + 10);

    SIGNALS.forEach((_, signal) => {
      const values = rows.map((row) => row[signal] ?? Number.NaN);
      const [series, gaussian] = [createSeriesDetector(), createWindowedGaussian()];
      values.forEach((value, index) => {
        const alarm = series.next(START + index * STEP_MS, value).alarm;
        const { state } = gaussian.next(START + index * STEP_MS, value);
        if (index < BREAKS_AT) return;
        expect(alarm).toBeNull();
        expect(state).toBe('normal');
        expect(Math.abs(robustZ(values.slice(index - 150, index), value).z)).toBeLessThan(6);
      });
    });
  });

  test('it says which signal, what the others say, and since when', () => {
    const found = watch(service(1)).find(({ relation }) => relation !== null)?.relation;
    expect(found?.signal).toBe('cpu');
    expect(found?.because).toMatch(
      /^cpu alone is usual, but the other signals say \d+\.\d, seen \d+\.\d, \d+ times the usual difference, since 2026-01-01T00:33:2/,
    );
  });

  test('of twenty seeds nineteen or more are found within a minute and a half, and none before', () => {
    const firsts = Array.from(
      { length: 20 },
      (_, index) => brokenRows(watch(service(index + 1)))[0] ?? Infinity,
    );
    expect(firsts.filter((row) => row < BREAKS_AT)).toEqual([]);
    expect(firsts.filter((row) => row < BREAKS_AT + 45).length).toBeGreaterThanOrEqual(19);
  });

  test('a signal that is unusual alone is no broken relation', () => {
    const rows = service(2, 900);
    const spike = rows.map((row, index) => (index >= 880 ? row.with(1, 400) : row));
    expect(brokenRows(watch(spike))).toEqual([]);
  });

  test('signals that never had a relation cannot break one', () => {
    const random = dice(3);
    const rows = Array.from({ length: 3_000 }, () => [random(), random(), random()]);
    expect(brokenRows(watch(rows))).toEqual([]);
  });

  test('constant signals, missing values and late ones are no reason for anything', () => {
    const detector = createRelationDetector(SIGNALS);
    expect(
      brokenRows(
        watch(
          Array.from({ length: 200 }, () => [1, 2, 3]),
          detector,
        ),
      ),
    ).toEqual([]);
    expect(detector.next(START + 1e9, [1, null, 3]).state).toBe('ignored');
    expect(detector.next(START + 150 * STEP_MS, [1, 2, 3]).state).toBe('ignored');
  });

  test('one signal has no relations', () => {
    expect(() => createRelationDetector(['cpu'])).toThrow('expected two signals or more, got 1');
  });
});

test.each([1, 2, 3])('an hour of a healthy, noisy system breaks no relation (seed %i)', (seed) => {
  const random = dice(seed);
  const memory = createRelationMemory(signals);
  for (let second = 0; second < 3_600; second += STEP_MS / 1_000) {
    const at = START + second * 1_000;
    const samples = asSamples(healthy(second, random), at);
    expect(watchRelations(new Map(samples.map((sample) => [sample.signalId, sample])), at, memory)).toEqual(
      [],
    );
  }
});
