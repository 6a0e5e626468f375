import { describe, expect, test } from 'vitest';
import { auc } from '../src/evaluation/auc.js';
import { brier } from '../src/evaluation/brier.js';
import { ece, riskHistogram } from '../src/evaluation/calibration.js';
import { logLoss, skill } from '../src/evaluation/log-loss.js';
import { failsByChampionOnly, gate, GATE_LIMITS } from '../src/gate.js';
import type { Evaluation, Scores } from '../src/registry/manifest.js';

const risks = (...values: number[]): Float32Array => Float32Array.from(values);
const labels = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('the metrics give the values of their references', () => {
  // Examples from scikit-learn's documentation: roc_auc_score, log_loss, brier_score_loss.
  test('AUC', () => expect(auc(risks(0.1, 0.4, 0.35, 0.8), labels(0, 0, 1, 1))).toBe(0.75));
  test('log loss', () =>
    expect(logLoss(risks(0.9, 0.1, 0.2, 0.65), labels(1, 0, 0, 1))).toBeCloseTo(0.21616187, 6));
  test('Brier score', () =>
    expect(brier(risks(0.1, 0.9, 0.8, 0.3), labels(0, 1, 1, 0))).toBeCloseTo(0.0375, 6));
  test('calibration error, counted by hand', () =>
    expect(ece(risks(0.12, 0.18, 0.72, 0.78), labels(0, 1, 1, 1))).toBeCloseTo(0.3, 6));
});

describe('at the edges', () => {
  test('equal risks are worth half a pair', () => expect(auc(risks(0.5, 0.5), labels(0, 1))).toBe(0.5));
  test('AUC without a late flight is not a number', () => expect(auc(risks(0.5), labels(0))).toBeNaN());
  test('a certain error costs much, not everything', () =>
    expect(logLoss(risks(0), labels(1))).toBeCloseTo(-Math.log(1e-7), 6));
  test('the base rate has no skill', () =>
    expect(skill(risks(0.25, 0.25, 0.25, 0.25), labels(0, 0, 0, 1))).toBeCloseTo(0, 6));
  test('a risk of 1 falls into the last bin', () =>
    expect(riskHistogram(risks(0, 0.05, 0.95, 1))).toEqual([0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0.5]));
});

const GOOD: Scores = {
  rows: 1000,
  lateShare: 0.2,
  auc: 0.87,
  prAuc: 0.7,
  lift: 4,
  logLoss: 0.3,
  brier: 0.08,
  ece: 0.02,
  skill: 0.35,
};
const evaluation = (change: Partial<Scores>): Evaluation => ({
  period: 'May',
  model: { ...GOOD, ...change },
  baseRate: { ...GOOD, auc: 0.5, skill: 0 },
  hourTable: { ...GOOD, auc: 0.63, skill: 0.05 },
  logisticRegression: { ...GOOD, auc: 0.85, skill: 0.3 },
  intervals: { auc: [0.86, 0.88], logLoss: [0.29, 0.31], ece: [0.01, 0.03] },
  slices: [],
});

describe('the gate', () => {
  test('lets a good model through', () => {
    expect(gate([evaluation({})])).toMatchObject({ state: 'passed', because: 'all 6 checks hold' });
  });

  test.each<[string, Partial<Scores>]>([
    ['May: AUC is 0.820, at least 0.83 is asked for', { auc: 0.82 }],
    ['May: skill is 0.200, at least 0.25 is asked for', { skill: 0.2 }],
    ['May: calibration error is 0.070, at most 0.06 is asked for', { ece: 0.07 }],
    ['May: AUC that hints at a leak is 0.897, at most 0.89 is asked for', { auc: 0.897 }],
    ['May: skill is NaN, at least 0.25 is asked for', { skill: NaN }],
  ])('stops one and says why: %s', (because, change) => {
    expect(gate([evaluation({}), evaluation(change)])).toMatchObject({ state: 'failed', because });
  });

  test('stops a model that hardly beats the hour table', () => {
    const limits = { ...GATE_LIMITS, leastAuc: 0.6 };
    expect(gate([evaluation({ auc: 0.7 })], limits).because).toContain('AUC over the hour table is 0.070');
  });

  test.each([
    [
      'too slow',
      { singleMs: 81.25, parameters: 3905 },
      'milliseconds for one answer is 81.250, at most 50 is asked for',
    ],
    [
      'too large',
      { singleMs: 0.3, parameters: 200_000 },
      'parameters is 200000.000, at most 100000 is asked for',
    ],
    [
      'never timed',
      { singleMs: NaN, parameters: 1 },
      'milliseconds for one answer is NaN, at most 50 is asked for',
    ],
  ])('stops one that is %s', (_, footprint, because) => {
    expect(gate([evaluation({})], GATE_LIMITS, { footprint })).toMatchObject({ state: 'failed', because });
  });

  test.each([
    ['no champion', 'passed'],
    ['better', 'passed'],
    ['equal', 'failed'],
    ['worse', 'failed'],
    ['unfair', 'failed'],
    ['not comparable', 'failed'],
  ] as const)('beside the champion: %s → %s, and the reason is that of the comparison', (state, verdict) => {
    const because = 'as the comparison says';
    const report = gate([evaluation({})], GATE_LIMITS, { comparison: { state, because } });
    expect(report.state).toBe(verdict);
    expect(report.because).toContain(because);
    expect(failsByChampionOnly(report)).toBe(verdict === 'failed');
  });

  test('may not be overruled where a limit is broken, too', () => {
    const comparison = { state: 'equal', because: 'no gain' } as const;
    const report = gate([evaluation({ auc: 0.82 })], GATE_LIMITS, { comparison });
    expect(report.because).toBe(
      'May: AUC is 0.820, at least 0.83 is asked for; not better than the champion: no gain',
    );
    expect(failsByChampionOnly(report)).toBe(false);
    expect(failsByChampionOnly(gate([]))).toBe(false);
  });

  test('says the same of one model, however long its answers took', () => {
    const [one, other] = [0.2, 0.9].map((singleMs) =>
      gate([evaluation({})], GATE_LIMITS, { footprint: { singleMs, parameters: 3905 } }),
    );
    expect(one).toEqual(other);
    expect(one).toMatchObject({ because: 'all 8 checks hold' });
  });

  test('stops a model that nobody has examined', () => {
    expect(gate([]).state).toBe('failed');
  });
});
