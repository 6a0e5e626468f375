import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareWithChampion } from '../../src/evaluation/compare-with-champion.js';
import { bootstrapByDay, dayBlocks, drawnSum, sumByDay } from '../../src/evaluation/day-bootstrap.js';
import { seedRandom } from '../../src/seeded-random.js';

const DAYS = 14;
const PER_DAY = 600;

/** Flights whose true risk is known, so that models of any quality can be made. */
function world(seed: number) {
  const random = seedRandom(seed);
  const rows = DAYS * PER_DAY;
  const truth = Float32Array.from({ length: rows }, () => 0.02 + 0.9 * random() ** 3);
  const labels = Uint8Array.from(truth, (risk) => (random() < risk ? 1 : 0));
  const blocks = Int32Array.from({ length: rows }, (_, row) => 11_354 + Math.floor(row / PER_DAY));
  const wobble = (size: number, salt: number): Float32Array => {
    const dice = seedRandom(salt);
    return truth.map((risk) => shifted(risk, (dice() - 0.5) * size));
  };
  return { truth, labels, blocks, wobble };
}

/** A risk moved by so much on the scale of log odds. */
function shifted(risk: number, by: number): number {
  const odds = Math.log(risk / (1 - risk)) + by;
  return 1 / (1 + Math.exp(-odds));
}

describe('a challenger', () => {
  const { truth, labels, blocks, wobble } = world(1);

  test('that knows more is better, and the gain has its interval', () => {
    const found = compareWithChampion({ labels, blocks, challenger: truth, champion: wobble(4, 2) });
    expect(found.state).toBe('better');
    expect(found.logLossGain).toBeGreaterThan(0.05);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.interval[0]).toBeLessThan(found.logLossGain);
    expect(found.interval[1]).toBeGreaterThan(found.logLossGain);
    expect(found.because).toMatch(
      /^log loss lower by 0\.\d{4} \(95 % by t over 14 days: \+0\.\d{4} to \+0\.\d{4}\)$/,
    );
  });

  test('that knows less is worse', () => {
    const found = compareWithChampion({ labels, blocks, challenger: wobble(4, 2), champion: truth });
    expect(found).toMatchObject({ state: 'worse' });
    expect(found.because).toMatch(/worse than the champion; AUC changes by −0\.\d{4}/);
  });

  test('that differs by noise only is equal', () => {
    const found = compareWithChampion({
      labels,
      blocks,
      challenger: wobble(0.5, 3),
      champion: wobble(0.5, 4),
    });
    expect(found).toMatchObject({ state: 'equal' });
    expect(found.because).toMatch(/0\.005 is asked for, less may be the seed/);
  });

  test('that is the champion itself is equal', () => {
    const found = compareWithChampion({ labels, blocks, challenger: truth, champion: truth });
    expect(found).toMatchObject({ state: 'equal', logLossGain: 0, interval: [0, 0], aucChange: 0 });
  });

  test('that calls every risk too high is worse, though it ranks as the champion does', () => {
    const loud = truth.map((risk) => shifted(risk, 0.6));
    const found = compareWithChampion({ labels, blocks, challenger: loud, champion: truth });
    expect(found.state).toBe('worse');
    expect(found.aucChange).toBeCloseTo(0, 4);
    expect(found.because).toMatch(/calibration error changes by \+0\.\d{4}/);
  });

  test('that gains on one day what it loses on the others is equal', () => {
    const champion = wobble(2.5, 5);
    const challenger = champion.map((risk, row) =>
      row < PER_DAY * 3 ? (truth[row] ?? NaN) : shifted(risk, 0.02),
    );
    const lucky = champion.map((risk, row) =>
      row < PER_DAY ? (labels[row] ?? NaN) * 0.8 + 0.1 : shifted(risk, 0.02),
    );
    expect(compareWithChampion({ labels, blocks, challenger, champion }).state).not.toBe('worse');
    const found = compareWithChampion({ labels, blocks, challenger: lucky, champion });
    expect(found).toMatchObject({ state: 'equal' });
    expect(found.because).toContain('other days might have said the opposite');
  });

  test('seen on two days only is not called better', () => {
    const two = PER_DAY * 2;
    const paired = { labels: labels.slice(0, two), blocks: blocks.slice(0, two) };
    const risks = { challenger: truth.slice(0, two), champion: wobble(4, 2).slice(0, two) };
    expect(compareWithChampion({ ...paired, ...risks })).toMatchObject({ state: 'equal' });
  });

  test('seen on one day only has no interval, and is not called better', () => {
    const one = <T extends Float32Array | Uint8Array | Int32Array>(all: T) => all.slice(0, PER_DAY) as T;
    const risks = { challenger: one(truth), champion: one(wobble(4, 2)) };
    const found = compareWithChampion({ labels: one(labels), blocks: one(blocks), ...risks });
    expect(found.state).toBe('equal');
    expect(found.because).toContain('(95 % by t over 1 days: no interval)');
  });

  test('without an answer for a flight is worse, never better', () => {
    const challenger = truth.slice();
    challenger[5] = NaN;
    expect(compareWithChampion({ labels, blocks, challenger, champion: wobble(4, 2) }).state).toBe('worse');
  });

  test('of other flights is refused', () => {
    const champion = truth.slice(1);
    expect(() => compareWithChampion({ labels, blocks, challenger: truth, champion })).toThrow(
      'expected as many labels, blocks and risks of both',
    );
  });

  test('is judged the same every time', () => {
    const paired = { labels, blocks, challenger: truth, champion: wobble(1, 6) };
    expect(compareWithChampion(paired)).toEqual(compareWithChampion(paired));
  });
});

test('changing sides changes the sign, never both are better', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0, max: 3, noNaN: true }), (seed, size) => {
      const { labels, blocks, wobble } = world(seed);
      const [one, other] = [wobble(size, seed + 1), wobble(1, seed + 2)];
      const there = compareWithChampion({ labels, blocks, challenger: one, champion: other });
      const back = compareWithChampion({ labels, blocks, challenger: other, champion: one });
      expect(back.logLossGain).toBeCloseTo(-there.logLossGain, 9);
      expect([there.state, back.state]).not.toEqual(['better', 'better']);
    }),
    { numRuns: 20, seed: 1 },
  );
});

describe('the bootstrap by days', () => {
  test('of equal days has no width', () => {
    const blocks = dayBlocks([1, 1, 2, 2, 3, 3]);
    const sums = sumByDay(blocks, () => 2);
    const counts = sumByDay(blocks, () => 1);
    const mean = (drawn: Uint16Array) => drawnSum(sums, drawn) / drawnSum(counts, drawn);
    expect(bootstrapByDay(blocks, mean)).toEqual([2, 2]);
  });

  test('of a mean over days has the width of its standard error: 1.96 × deviation ÷ √days on either side', () => {
    const random = seedRandom(9);
    const values = Array.from({ length: 200 }, () => random());
    const blocks = dayBlocks(values.map((_, day) => day));
    const sums = sumByDay(blocks, (row) => values[row] ?? NaN);
    const [low, high] = bootstrapByDay(blocks, (drawn) => drawnSum(sums, drawn) / 200);
    const mean = values.reduce((sum, value) => sum + value, 0) / 200;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 200);
    const expected = (2 * 1.96 * deviation) / Math.sqrt(200);
    expect((high - low) / expected).toBeGreaterThan(0.9);
    expect((high - low) / expected).toBeLessThan(1.1);
  });
});
