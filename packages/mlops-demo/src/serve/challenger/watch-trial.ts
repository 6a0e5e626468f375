/**
 * Watch the trial: a look every second, and what it has gathered on disk every five, so that a killed process goes on where it was.
 *
 * Rule: a window that has ended is saved at once. One save at a time; one that fails is told and tried again.
 *
 * When it misleads: the risks that were given in the seconds before a kill are lost. Their flights are in no pair.
 */
import type { ServiceOptions } from 'service-chassis';
import { reasonOf } from 'service-chassis/reason-of';
import { every } from '../clock.js';
import type { Challenge } from './follow-challenger.js';
import type { TrialRecord } from './trial-record.js';

export interface TrialWatchOptions {
  challenge: () => Challenge | undefined;
  write: (record: TrialRecord) => Promise<void>;
  logger: ServiceOptions['logger'];
  nowSeconds: () => number;
  lookMs: number;
  saveMs: number;
}

/** Starts; returns how to stop, with a last save. */
export function watchTrial(options: TrialWatchOptions): () => Promise<void> {
  const { challenge, write, logger, nowSeconds } = options;
  let saving: Promise<void> | undefined;

  function save(): void {
    const { trial } = challenge() ?? {};
    if (trial === undefined) return;
    saving ??= write(trial.record(nowSeconds()))
      .catch((error: unknown) => logger.warn(`the trial could not be saved yet: ${reasonOf(error)}`))
      .finally(() => (saving = undefined));
  }

  function look(): void {
    const { trial, record } = challenge() ?? {};
    if (trial === undefined) return;
    const before = trial.report().windows;
    const isVerdict = trial.look(nowSeconds());
    if (trial.report().windows !== before) save();
    if (!isVerdict) return;
    const { kind, because } = trial.report().verdict;
    logger.info(
      { 'trial.verdict': kind },
      `trial of ${record?.version} in ${record?.stage}: ${kind}, ${because}`,
    );
  }

  const stops = [every(options.lookMs, look), every(options.saveMs, save)];
  return async () => {
    for (const stop of stops) stop();
    await saving;
    save();
    await saving;
  };
}
