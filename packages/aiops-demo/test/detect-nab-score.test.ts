import { expect, test } from 'vitest';
import { PROFILES, nabScore } from '../bench/nab-score.js';

/** A hundred rows, one window from row 40 to row 49; rows 0 to 14 are for learning. */
const file = {
  name: 'category/file.csv',
  times: Array.from({ length: 100 }, (_, row) => String(row)),
  values: Array.from({ length: 100 }, () => 0),
  windows: [[40, 49]],
} as const;
const detectedAt = (...rows: number[]) => [file.times.map((_, row) => (rows.includes(row) ? 1 : 0))];
const scoreOf = (...rows: number[]) => nabScore([file], detectedAt(...rows), 0.5, PROFILES.standard);

test('NAB: a detection at the left edge is perfect, silence is 0', () => {
  expect(scoreOf(40)).toEqual({ score: 100, found: 1, windows: 1, falseAlarms: 0 });
  expect(scoreOf()).toEqual({ score: 0, found: 0, windows: 1, falseAlarms: 0 });
});

test('NAB: only the first detection in a window counts, and a late one earns less', () => {
  expect(scoreOf(40, 41, 49)).toEqual(scoreOf(40));
  // y = −0.5 earns (2 / (1 + e^−2.5) − 1) / (2 / (1 + e^−5) − 1) = 0.8598 of 1; half of the scale is for not missing it.
  expect(scoreOf(45).score).toBeCloseTo(50 + 50 * 0.8598, 1);
});

test('NAB: a false alarm costs 0.11, less right after a window, nothing while learning', () => {
  expect(scoreOf(20, 40).score).toBeCloseTo(100 - 50 * 0.11, 9);
  expect(scoreOf(40, 50).score).toBeGreaterThan(scoreOf(40, 90).score);
  expect(scoreOf(3, 40)).toEqual(scoreOf(40));
});

test('NAB: the profiles weigh false alarms and misses', () => {
  const [low, missed] = [PROFILES.lowFalsePositives, PROFILES.lowFalseNegatives];
  expect(nabScore([file], detectedAt(20, 40), 0.5, low).score).toBeCloseTo(100 - 50 * 0.22, 9);
  expect(nabScore([file], detectedAt(20), 0.5, missed).score).toBeCloseTo((100 * -0.11) / 3, 9);
});
