/**
 * Stage 7, evaluate: score the test periods with the model and with the baselines.
 *
 * in:  DelayModel, Features, FlightColumns → out: an Evaluation for each period, and the histogram of risks
 *
 * Rule: AUC, PR-AUC and lift (order), log loss and Brier (probabilities), ECE (calibration), skill (log loss against the period's own late
 * share); the same for the base rate, the hour table and a logistic regression on the network's own inputs. Intervals by bootstrap over
 * days; the worst slices by name.
 *
 * When it misleads: a period of a week has one kind of weather. The numbers of two weeks differ by ±.01 AUC with the same model.
 *
 * Source: the metrics' own files, each with an answered example.
 */
import type { FlightColumns } from './data/columns.js';
import { auc } from './evaluation/auc.js';
import { averagePrecision } from './evaluation/average-precision.js';
import { brier } from './evaluation/brier.js';
import { ece, riskHistogram } from './evaluation/calibration.js';
import { fitHourTable, scoreByHour } from './evaluation/hour-table.js';
import { scoreIntervals } from './evaluation/intervals.js';
import { lift } from './evaluation/lift.js';
import { logLoss, skill } from './evaluation/log-loss.js';
import { scoreSlices } from './evaluation/slices.js';
import type { SliceScores } from './evaluation/slices.js';
import type { FeaturesIn, FeatureTable } from './features.js';
import type { Progress } from './features/event-pass.js';
import type { FeatureFile } from './features/feature-file/store.js';
import { FEATURE_COUNT } from './features/names.js';
import { normalise, scoreBatch } from './model.js';
import type { DelayModel } from './model.js';
import type { Evaluation, Scores } from './registry/manifest.js';
import { fitLogisticRegression, scoreLogistic } from './train/logistic-regression.js';
import type { LogisticRegression } from './train/logistic-regression.js';
import { readable, scoreRows, thinnedRows } from './train/training-rows.js';
import type { TrainingRows } from './train/training-rows.js';

/** How the model did. */
export interface Evaluated {
  evaluations: Evaluation[];
  baseRate: number;
  riskHistogram: number[];
  because: string;
}

/** More rows move the weights of 27 straight lines by less than their own noise. */
const LOGISTIC_ROWS = 30_000;
/** As scikit-learn's default, C = 1. */
const LOGISTIC_RIDGE = 1;
const WORST_AIRPORTS = 10;

/** Scores all test periods. */
export function evaluate(
  model: DelayModel,
  features: FeaturesIn<FeatureTable | FeatureFile>,
  flights: FlightColumns,
  progress?: Progress,
): Evaluated {
  const examined = features.tests.reduce((sum, { labels }) => sum + labels.length, 0);
  let done = 0;
  const hours = fitHourTable(flights, features.train);
  const lines = fitLines(readable(features.train), model);
  let histogram: number[] = [];
  const evaluations = features.tests.map((test): Evaluation => {
    const { labels, positions, days } = test;
    const rows = readable(test);
    const risks = scoreRows(rows, (some) => scoreBatch(model, some));
    histogram = riskHistogram(risks);
    const byLines = scoreRows(rows, (some) => scoreLogistic(normalise(some, model.normaliser), lines));
    const evaluation = {
      period: test.period,
      model: scoresOf(risks, labels),
      baseRate: scoresOf(new Float32Array(risks.length).fill(hours.baseRate), labels),
      hourTable: scoresOf(scoreByHour(flights, test, hours), labels),
      logisticRegression: scoresOf(byLines, labels),
      intervals: scoreIntervals(risks, labels, days),
      slices: namedSlices(scoreSlices(flights, { positions, labels, risks })),
    };
    progress?.((done += labels.length), examined);
    return evaluation;
  });
  const because = evaluations
    .map((e) => `${e.period}: AUC ${e.model.auc.toFixed(3)} (hour table ${e.hourTable.auc.toFixed(3)})`)
    .join('; ');
  return { evaluations, baseRate: hours.baseRate, riskHistogram: histogram, because };
}

/** The scores of one set of risks. */
export function scoresOf(risks: Float32Array, labels: Uint8Array): Scores {
  return {
    rows: labels.length,
    lateShare: labels.reduce((sum, label) => sum + label, 0) / labels.length,
    auc: auc(risks, labels),
    prAuc: averagePrecision(risks, labels),
    lift: lift(risks, labels),
    logLoss: logLoss(risks, labels),
    brier: brier(risks, labels),
    ece: ece(risks, labels),
    skill: skill(risks, labels),
  };
}

/** A logistic regression on the same inputs, fitted to every so many training rows. */
function fitLines(source: TrainingRows, { normaliser }: DelayModel): LogisticRegression {
  const { rows, labels } = thinnedRows(source, LOGISTIC_ROWS);
  return fitLogisticRegression(normalise(rows, normaliser), FEATURE_COUNT, labels, LOGISTIC_RIDGE);
}

/** All slices but the better airports: there are too many to keep. */
function namedSlices(slices: readonly SliceScores[]): SliceScores[] {
  const airports = slices.filter(({ by }) => by === 'airport').slice(0, WORST_AIRPORTS);
  return slices.filter((slice) => slice.by !== 'airport' || airports.includes(slice));
}
