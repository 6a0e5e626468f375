/**
 * Fine-tune: go on training a model on its newest month, against training it anew on everything.
 *
 * in:  rows up to the month before (old) and up to the newest month (new), the test rows read with the old and with the new timetable
 * out: four ways to the next model, each with its scores and seconds
 *
 * Rule: the old model as it is · the old network with the new timetable · the old network trained on for two epochs on the newest month
 * only, with a fifth of the learning rate · a new network on all rows. All four are examined on the same later days.
 *
 * When it misleads: fine-tuning keeps the old means and deviations of the inputs, and forgets a little of the older months. Done month after
 * month, both add up.
 *
 * Source: measured, see the README's section.
 */
import { scoresOf } from './evaluate.js';
import type { FeatureTable } from './features.js';
import { FEATURE_COUNT } from './features/names.js';
import { scoreBatch } from './model.js';
import type { DelayModel } from './model.js';
import type { Scores } from './registry/manifest.js';
import { HYPERPARAMETERS, train } from './train.js';

export interface FineTuneRows {
  old: FeatureTable;
  new: FeatureTable;
  /** The first local day of the newest month, counted from 1970. */
  newestFrom: number;
  test: { withOldTimetable: FeatureTable; withNewTimetable: FeatureTable };
}

export interface Way {
  name: string;
  rows: number;
  scores: Scores;
  /** Of training; what the old model cost lies in the past. */
  seconds: number;
}

const FINE_TUNING = { epochs: 2, learningRate: HYPERPARAMETERS.learningRate / 5 };

export async function compareWays(
  rows: FineTuneRows,
  { seed, epochs }: { seed: number; epochs: number },
  nowMs: () => number,
): Promise<Way[]> {
  const { withOldTimetable, withNewTimetable } = rows.test;
  const { model: old } = await train(rows.old, { seed, epochs });
  const newest = since(rows.new, rows.newestFrom);
  const hyperparameters = { ...HYPERPARAMETERS, learningRate: FINE_TUNING.learningRate };
  const tuned = await timed(nowMs, () =>
    train(newest, { seed, epochs: FINE_TUNING.epochs, start: old, hyperparameters }),
  );
  const again = await timed(nowMs, () => train(rows.new, { seed, epochs }));
  const way = (name: string, model: DelayModel, test: FeatureTable, count: number, seconds: number): Way => ({
    name,
    rows: count,
    scores: scoresOf(scoreBatch(model, test.rows), test.labels),
    seconds,
  });
  return [
    way('keep the old model', old, withOldTimetable, 0, 0),
    way('old network, new timetable', old, withNewTimetable, 0, 0),
    way('fine-tune on the newest month', tuned.model, withNewTimetable, newest.labels.length, tuned.seconds),
    way('retrain on everything', again.model, withNewTimetable, rows.new.labels.length, again.seconds),
  ];
}

/** The rows from a day on. */
function since({ rows, labels, days, positions }: FeatureTable, day: number): FeatureTable {
  const from = days.findIndex((each) => each >= day);
  if (from < 0) throw new RangeError('compareWays: expected rows of the newest month, got none');
  return {
    rows: rows.subarray(from * FEATURE_COUNT),
    labels: labels.subarray(from),
    days: days.subarray(from),
    positions: positions.subarray(from),
  };
}

async function timed(
  nowMs: () => number,
  work: () => Promise<{ model: DelayModel }>,
): Promise<{ model: DelayModel; seconds: number }> {
  const startedMs = nowMs();
  const { model } = await work();
  return { model, seconds: (nowMs() - startedMs) / 1000 };
}
