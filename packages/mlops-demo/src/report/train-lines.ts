/** Trials and ways to train, as lines for people. */
import type { Way } from '../fine-tune.js';
import type { Trial } from '../tune.js';

export const TRIAL_HEADER = 'trial  layers   rate     batch  epochs  held-out log loss  seconds';

export function trialLine({ number, hyperparameters, losses, best, state, seconds }: Trial): string {
  const { hiddenUnits, learningRate, batchRows } = hyperparameters;
  return [
    String(number).padStart(5),
    hiddenUnits.join('-').padEnd(7),
    learningRate.toFixed(5),
    String(batchRows).padStart(7),
    String(losses.length).padStart(7),
    `${best.toFixed(4).padStart(9)} ${state === 'stopped' ? 'stopped ' : '        '}`,
    seconds.toFixed(1).padStart(7),
  ].join('  ');
}

export function wayLines(ways: readonly Way[]): string[] {
  const width = Math.max(...ways.map(({ name }) => name.length));
  const header = `${''.padEnd(width)}     rows    AUC  log loss    ECE  seconds`;
  return [
    header,
    ...ways.map(({ name, rows, scores, seconds }) =>
      [
        name.padEnd(width),
        rows.toLocaleString('en-US').padStart(8),
        scores.auc.toFixed(4),
        scores.logLoss.toFixed(4).padStart(8),
        scores.ece.toFixed(4),
        seconds.toFixed(1).padStart(7),
      ].join(' '),
    ),
  ];
}
