/**
 * Stage 7, evaluate: score the test periods with the model and with both baselines.
 *
 * in:  DelayModel, Features, FlightColumns → out: an Evaluation for each period, and the histogram of risks
 *
 * Rule: AUC (order), log loss and Brier (probabilities), ECE (calibration), skill (log loss against the period's own late
 * share); the same five for the base rate and the hour table.
 *
 * When it misleads: a period of a week has one kind of weather. The numbers of two weeks differ by ±.01 AUC with the same model.
 *
 * Source: the metrics' own files, each with an answered example.
 */
import type { FlightColumns } from './data/columns.js';
import { auc } from './evaluation/auc.js';
import { brier } from './evaluation/brier.js';
import { ece, riskHistogram } from './evaluation/calibration.js';
import { fitHourTable, scoreByHour } from './evaluation/hour-table.js';
import { logLoss, skill } from './evaluation/log-loss.js';
import type { Features } from './features.js';
import { scoreBatch } from './model.js';
import type { DelayModel } from './model.js';
import type { Evaluation, Scores } from './registry/manifest.js';

/** How the model did. */
export interface Evaluated {
  evaluations: Evaluation[];
  baseRate: number;
  riskHistogram: number[];
  because: string;
}

/** Scores all test periods. */
export function evaluate(model: DelayModel, features: Features, flights: FlightColumns): Evaluated {
  const hours = fitHourTable(flights, features.train);
  let histogram: number[] = [];
  const evaluations = features.tests.map((test): Evaluation => {
    const risks = scoreBatch(model, test.rows);
    histogram = riskHistogram(risks);
    return {
      period: test.period,
      model: scoresOf(risks, test.labels),
      baseRate: scoresOf(new Float32Array(risks.length).fill(hours.baseRate), test.labels),
      hourTable: scoresOf(scoreByHour(flights, test, hours), test.labels),
    };
  });
  const because = evaluations
    .map((e) => `${e.period}: AUC ${e.model.auc.toFixed(3)} (hour table ${e.hourTable.auc.toFixed(3)})`)
    .join('; ');
  return { evaluations, baseRate: hours.baseRate, riskHistogram: histogram, because };
}

/** The five scores of one set of risks. */
export function scoresOf(risks: Float32Array, labels: Uint8Array): Scores {
  return {
    rows: labels.length,
    lateShare: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    auc: auc(risks, labels),
    logLoss: logLoss(risks, labels),
    brier: brier(risks, labels),
    ece: ece(risks, labels),
    skill: skill(risks, labels),
  };
}
