import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FEATURE_COUNT } from '../../src/features/names.js';
import { seedRandom } from '../../src/seeded-random.js';
import { EarlyStopping } from '../../src/train/early-stopping.js';
import { holdOut } from '../../src/train/hold-out.js';
import { batchesOf, shuffledBatches } from '../../src/train/shuffled-batches.js';
import { rowsInMemory } from '../../src/train/training-rows.js';

describe('early stopping', () => {
  const verdicts = (patience: number, losses: number[]): string[] => {
    const stopping = new EarlyStopping(patience);
    return losses.map((loss) => stopping.after(loss));
  };
  test('goes on while the loss falls', () => {
    expect(verdicts(2, [0.312, 0.305, 0.301])).toEqual(['good', 'good', 'good']);
  });
  test('takes a difference smaller than between two seeds for none', () => {
    expect(verdicts(2, [0.305, 0.309, 0.3095])).toEqual(['good', 'good', 'good']);
  });
  test('stops after as many bad epochs in a row as its patience', () => {
    expect(verdicts(2, [0.305, 0.314, 0.304, 0.312, 0.316])).toEqual([
      'good',
      'wait',
      'good',
      'wait',
      'stop',
    ]);
  });
  test('never calls a loss that is no number good', () => {
    expect(verdicts(2, [NaN, NaN])).toEqual(['wait', 'stop']);
  });
});

describe('the held-out rows', () => {
  const days = (...counts: number[]): Uint16Array =>
    Uint16Array.from(counts.flatMap((count, day) => Array.from({ length: count }, () => 100 + day)));
  test('are the last two of ten days', () => {
    expect(holdOut(days(5, 5, 5, 5, 5, 5, 5, 5, 5, 5))).toEqual({ taught: 40, heldOutDays: 2 });
  });
  test('are one day of two', () => {
    expect(holdOut(days(9, 4))).toEqual({ taught: 9, heldOutDays: 1 });
  });
  test('of a single day there are none: it is refused', () => {
    expect(() => holdOut(days(9))).toThrow('expected rows of at least two days, got 1');
    expect(() => holdOut(days())).toThrow('expected rows of at least two days, got 0');
  });
});

describe('shuffled batches', () => {
  const source = (count: number) => {
    const rows = new Float32Array(count * FEATURE_COUNT);
    for (let row = 0; row < count; row++) rows[row * FEATURE_COUNT] = row;
    const labels = Uint8Array.from({ length: count }, (_, row) => row % 2);
    return rowsInMemory({ rows, labels, days: new Uint16Array(count) });
  };
  const epoch = (count: number, batchRows: number, seed: number): number[][] => {
    const batches: number[][] = [];
    for (const { rows, labels } of shuffledBatches(source(count), count, batchRows, seedRandom(seed))) {
      batches.push(Array.from(labels, (_, at) => rows[at * FEATURE_COUNT] ?? NaN));
    }
    return batches;
  };

  test('hold every row once, however many rows and whatever size, and are as many as announced', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 6000 }),
      batchRows: fc.integer({ min: 1, max: 3000 }),
    });
    fc.assert(
      fc.property(sizes, ({ count, batchRows }) => {
        const batches = epoch(count, batchRows, 1);
        expect(batches).toHaveLength(batchesOf(count, batchRows));
        const all = batches.flat().toSorted((a, b) => a - b);
        expect(all).toEqual(Array.from({ length: count }, (_, row) => row));
      }),
      { numRuns: 20, seed: 1, examples: [[{ count: 140_000, batchRows: 1024 }]] },
    );
  });

  test('are the same for the same seed, and others for another', () => {
    expect(epoch(3000, 100, 1)).toEqual(epoch(3000, 100, 1));
    expect(epoch(3000, 100, 2)).not.toEqual(epoch(3000, 100, 1));
  });

  test('mix early and late rows', () => {
    const [first = []] = epoch(131_072, 1024, 1);
    const mean = first.reduce((sum, row) => sum + row, 0) / first.length;
    expect(mean / 131_072).toBeGreaterThan(0.45);
    expect(mean / 131_072).toBeLessThan(0.55);
  });
});
