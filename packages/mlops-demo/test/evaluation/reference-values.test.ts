/**
 * The metrics give scikit-learn's values. Cases are made by a rule, so that anyone can make them again: risk and label of row i as below,
 * values printed by scikit-learn 1.9.1 with NumPy 2.4.6 (roc_auc_score, log_loss, brier_score_loss, average_precision_score,
 * LogisticRegression with tol 1e-12). Calibration error: NumPy, ten bins of equal width.
 */
import { describe, expect, test } from 'vitest';
import { auc } from '../../src/evaluation/auc.js';
import { averagePrecision } from '../../src/evaluation/average-precision.js';
import { brier } from '../../src/evaluation/brier.js';
import { ece } from '../../src/evaluation/calibration.js';
import { lift } from '../../src/evaluation/lift.js';
import { logLoss } from '../../src/evaluation/log-loss.js';
import { rankRows } from '../../src/evaluation/ranking.js';
import { fitLogisticRegression, scoreLogistic } from '../../src/train/logistic-regression.js';
import { calibrate, fitPlattScaling, UNCALIBRATED } from '../../src/train/platt-scaling.js';

interface Case {
  rows: number;
  step: number;
  ties: boolean;
  late: number;
  auc: number;
  logLoss: number;
  brier: number;
  prAuc: number;
  ece: number;
  slope: number;
  intercept: number;
}

const FIRST: Case = {
  rows: 200,
  step: 37,
  ties: false,
  late: 110,
  auc: 0.6915656565656566,
  logLoss: 0.7357518422961404,
  brier: 0.2376948489719729,
  prAuc: 0.731999128161766,
  ece: 0.11081782257184386,
  slope: 0.3724785445371828,
  intercept: 0.23240813372929062,
};
const CASES: Case[] = [
  FIRST,
  {
    rows: 200,
    step: 37,
    ties: true,
    late: 109,
    auc: 0.6951305575158787,
    logLoss: 0.6912232410584153,
    brier: 0.2320224993267657,
    prAuc: 0.7245257914665604,
    ece: 0.1009499979764223,
    slope: 0.47233430079975786,
    intercept: 0.2117905705910648,
  },
  {
    rows: 57,
    step: 10,
    ties: false,
    late: 34,
    auc: 0.5882352941176471,
    logLoss: 0.8627003685083553,
    brier: 0.2888018771255321,
    prAuc: 0.7029286334374459,
    ece: 0.19999131406739093,
    slope: 0.1647136189906289,
    intercept: 0.40134145497480317,
  },
];

function made({ rows, step, ties }: Case): { risks: Float32Array; labels: Uint8Array } {
  const risks = Float32Array.from({ length: rows }, (_, i) => {
    const share = ((i * step) % 101) / 101;
    return ties ? (Math.round(share * 10) / 10) * 0.9 + 0.05 : share * 0.98 + 0.01;
  });
  const labels = Uint8Array.from(risks, (risk, i) => ((i * i * 7 + i * 3) % 11 < 1 + 6 * risk ? 1 : 0));
  return { risks, labels };
}

describe.each(CASES)('$rows rows in steps of $step, with ties: $ties', (values) => {
  const { risks, labels } = made(values);

  test('are the rows that scikit-learn was given', () => {
    expect(labels.reduce((sum, label) => sum + label, 0)).toBe(values.late);
  });
  test('AUC', () => expect(auc(risks, labels)).toBeCloseTo(values.auc, 12));
  test('average precision', () => expect(averagePrecision(risks, labels)).toBeCloseTo(values.prAuc, 12));
  test('log loss', () => expect(logLoss(risks, labels)).toBeCloseTo(values.logLoss, 12));
  test('Brier score', () => expect(brier(risks, labels)).toBeCloseTo(values.brier, 12));
  test('calibration error', () => expect(ece(risks, labels)).toBeCloseTo(values.ece, 12));
  test('Platt scaling', () => {
    const { slope, intercept } = fitPlattScaling(risks, labels);
    expect(slope).toBeCloseTo(values.slope, 6);
    expect(intercept).toBeCloseTo(values.intercept, 6);
  });
});

test('logistic regression with a ridge of 1 has the weights of scikit-learn with C = 1', () => {
  const columns = 3;
  const rows = Float32Array.from({ length: 300 * columns }, (_, at) => {
    const i = Math.floor(at / columns);
    return [Math.sin(i), Math.cos(i * 0.7), ((i * 13) % 17) / 17][at % columns] ?? NaN;
  });
  const labels = Uint8Array.from({ length: 300 }, (_, i) =>
    Math.sin(i) * 2 + (((i * 29) % 23) / 23) * 3 > 1.5 ? 1 : 0,
  );
  const found = fitLogisticRegression(rows, columns, labels, 1);
  const expected = [4.818392034776228, 0.07681760481463831, 0.12971284400029623];
  for (const [column, weight] of expected.entries()) expect(found.weights[column]).toBeCloseTo(weight, 5);
  expect(found.intercept).toBeCloseTo(-0.18903335942716276, 5);
  expect(auc(scoreLogistic(rows, found), labels)).toBeGreaterThan(0.9);
});

test('logistic regression on columns that depend on each other needs its ridge', () => {
  const rows = Float32Array.of(1, 2, 2, 4, 3, 6, 4, 8);
  const labels = Uint8Array.of(0, 1, 0, 1);
  expect(() => fitLogisticRegression(rows, 2, labels, 0)).toThrow('expected columns that do not depend');
  expect(fitLogisticRegression(rows, 2, labels, 1).weights.every(Number.isFinite)).toBe(true);
});

describe('Platt scaling', () => {
  const { risks, labels } = made(FIRST);
  test('keeps the order and mends the mean', () => {
    const mended = calibrate(risks.slice(), fitPlattScaling(risks, labels));
    expect(auc(mended, labels)).toBeCloseTo(auc(risks, labels), 6);
    const mean = mended.reduce((sum, risk) => sum + risk, 0) / mended.length;
    expect(mean).toBeCloseTo(110 / 200, 5);
    expect(logLoss(mended, labels)).toBeLessThan(logLoss(risks, labels));
  });
  test('fitted on seven days goes half the way, on one day an eighth', () => {
    const all = fitPlattScaling(risks, labels);
    expect(fitPlattScaling(risks, labels, 7).intercept).toBeCloseTo(all.intercept / 2, 12);
    expect(fitPlattScaling(risks, labels, 1).slope).toBeCloseTo(1 + (all.slope - 1) / 8, 12);
  });
  test('without late flights changes nothing', () => {
    expect(fitPlattScaling(risks, new Uint8Array(risks.length))).toEqual(UNCALIBRATED);
    expect(calibrate(risks.slice(), UNCALIBRATED)).toEqual(risks);
  });
});

describe('lift', () => {
  const twenty = Float32Array.from({ length: 20 }, (_, i) => i / 20);
  test('is 5 where the riskiest two are late and one of five is in general', () => {
    const labels = Uint8Array.from(twenty, (_, i) => ([0, 5, 18, 19].includes(i) ? 1 : 0));
    expect(lift(twenty, labels)).toBe(5);
  });
  test('of equal risks is 1, whichever flights come first', () => {
    const labels = Uint8Array.from(twenty, (_, i) => (i < 4 ? 1 : 0));
    expect(lift(new Float32Array(20).fill(0.3), labels)).toBeCloseTo(1, 12);
  });
});

test('a ranking is in ascending order, equal risks in the order they came', () => {
  expect([...rankRows(Float32Array.of(0.4, 0.1, 0.35, 0.1, 0, 1))]).toEqual([4, 1, 3, 2, 0, 5]);
});
