/**
 * Tune: search for better hyperparameters under a budget.
 *
 * in:  training rows, a budget of trials and seconds, a seed → out: every trial with its losses, the best first
 *
 * Rule: trial 1 is what the pipeline uses; the others are drawn at random (tune/search-space.ts). Each trains on the same rows from the same
 * seed; one that is behind is stopped (tune/median-stopping.ts). Best is the lowest log loss of the held-out days. No trial starts when
 * the seconds are spent.
 *
 * When it misleads: the best of many is lucky in part. Two seeds of one setting differ by up to .0034, so a smaller gain is none; and the
 * held-out days have now chosen, so only later days can judge.
 */
import { seedRandom } from './seeded-random.js';
import type { DelayModel } from './model.js';
import { HYPERPARAMETERS, train } from './train.js';
import type { Hyperparameters } from './train.js';
import type { FeatureTable } from './features.js';
import { isBehind } from './tune/median-stopping.js';
import { sampleHyperparameters } from './tune/search-space.js';

export interface Budget {
  trials: number;
  seconds: number;
  epochs: number;
  seed: number;
  nowMs: () => number;
}

export interface Trial {
  number: number;
  hyperparameters: Hyperparameters;
  state: 'finished' | 'stopped';
  /** Log loss of the held-out days, after each epoch. */
  losses: number[];
  best: number;
  seconds: number;
}

export interface Tuned {
  /** The best first; a stopped one is judged by what it had. */
  trials: Trial[];
  because: string;
}

/** Less than this between two settings may be the seed. */
const SEED_NOISE = 0.0034;

export async function tune(
  table: FeatureTable,
  budget: Budget,
  onTrial?: (trial: Trial) => void,
): Promise<Tuned> {
  const random = seedRandom(budget.seed);
  const startedMs = budget.nowMs();
  const trials: Trial[] = [];
  for (let number = 1; number <= budget.trials; number++) {
    if (number > 1 && budget.nowMs() - startedMs >= budget.seconds * 1000) break;
    const hyperparameters = number === 1 ? HYPERPARAMETERS : sampleHyperparameters(random);
    const trial = await runTrial(table, budget, trials, { number, hyperparameters });
    trials.push(trial);
    onTrial?.(trial);
  }
  const ranked = trials.toSorted((a, b) => a.best - b.best);
  return { trials: ranked, because: because(trials, ranked) };
}

async function runTrial(
  table: FeatureTable,
  { seed, epochs, nowMs }: Budget,
  earlier: readonly Trial[],
  { number, hyperparameters }: Pick<Trial, 'number' | 'hyperparameters'>,
): Promise<Trial> {
  const startedMs = nowMs();
  const others = earlier.map(({ losses }) => losses);
  let behind = false;
  const goOn = (epoch: number, loss: number): boolean => !(behind = isBehind(others, epoch, loss));
  const { model, heldOutLosses } = await train(table, { seed, epochs, hyperparameters, goOn });
  dispose(model);
  return {
    number,
    hyperparameters,
    state: behind ? 'stopped' : 'finished',
    losses: heldOutLosses,
    best: Math.min(...heldOutLosses),
    seconds: (nowMs() - startedMs) / 1000,
  };
}

function dispose({ network }: DelayModel): void {
  network.dispose();
}

function because(trials: readonly Trial[], [best]: readonly Trial[]): string {
  const [first] = trials;
  if (first === undefined || best === undefined) return 'there was no time for a trial';
  const stopped = trials.filter(({ state }) => state === 'stopped').length;
  const told = `${trials.length} trials, ${stopped} of them stopped early`;
  const gain = first.best - best.best;
  if (best === first) return `${told}: none is better than what the pipeline uses (${first.best.toFixed(4)})`;
  const found = `trial ${best.number} has ${best.best.toFixed(4)}, what the pipeline uses ${first.best.toFixed(4)}`;
  const worth =
    gain > SEED_NOISE ? 'more than a seed explains' : `no more than another seed would give (${SEED_NOISE})`;
  return `${told}: ${found}, better by ${gain.toFixed(4)}, ${worth}`;
}
