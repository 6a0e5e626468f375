/**
 * Tune: search for better hyperparameters under a budget.
 *
 * in:  training rows, a budget of trials and seconds, a seed → out: every trial with its losses, the best first
 *
 * Rule: trial 1 is what the pipeline uses; the others are drawn at random (tune/search-space.ts). All train on the same rows from the same
 * seed; the better half goes on at each rung (tune/successive-halving.ts). Best is the lowest log loss of the held-out days among those that
 * went furthest. Nothing more is trained when the seconds are spent; a gain is only told between trials that were trained as far.
 *
 * When it misleads: the best of many is lucky in part. Two seeds of one setting differ by up to .0034, so a smaller gain is none; and the
 * held-out days have now chosen, so only later days can judge.
 */
import { seedRandom } from './seeded-random.js';
import { HYPERPARAMETERS } from './train.js';
import type { Hyperparameters } from './train.js';
import type { FeatureTable } from './features.js';
import { PausedTraining } from './tune/paused-training.js';
import { sampleHyperparameters } from './tune/search-space.js';
import { rungsOf, successiveHalving } from './tune/successive-halving.js';

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
  /** Stopped: on a rung, for others or for want of time. */
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

/** @param onTrial told of a trial whenever it has reached a rung */
export async function tune(
  table: FeatureTable,
  { trials: count, seconds, epochs, seed, nowMs }: Budget,
  onTrial?: (trial: Trial) => void,
): Promise<Tuned> {
  const random = seedRandom(seed);
  const startedMs = nowMs();
  const trials = Array.from({ length: count }, (_, index): Trial => {
    const hyperparameters = index === 0 ? HYPERPARAMETERS : sampleHyperparameters(random);
    return { number: index + 1, hyperparameters, state: 'stopped', losses: [], best: NaN, seconds: 0 };
  });
  const trainings = trials.map(
    ({ hyperparameters }) => new PausedTraining(table, { seed, epochs, hyperparameters }),
  );
  const trainTo = async (index: number, epoch: number): Promise<number | undefined> => {
    const trial = trials[index]!;
    const resumedMs = nowMs();
    if (resumedMs - startedMs >= seconds * 1000) return undefined;
    const loss = await trainings[index]!.to(epoch);
    trial.losses = [...trainings[index]!.losses];
    trial.best = Math.min(...trial.losses);
    trial.seconds += (nowMs() - resumedMs) / 1000;
    trial.state = epoch === epochs ? 'finished' : 'stopped';
    onTrial?.(trial);
    return loss;
  };
  await successiveHalving(count, rungsOf(epochs), trainTo);
  // What the others are compared with has to be trained as long as they.
  if (trials[0]?.state === 'stopped') await trainTo(0, epochs);
  for (const training of trainings) await training.end();
  const ranked = trials.filter(({ losses }) => losses.length > 0).sort(bestFirst);
  return { trials: ranked, because: because(trials, ranked) };
}

/** Losses of different epochs say little about each other: who went further comes first. */
function bestFirst(a: Trial, b: Trial): number {
  if (a.state !== b.state) return a.state === 'finished' ? -1 : 1;
  return (a.state === 'finished' ? 0 : b.losses.length - a.losses.length) || a.best - b.best;
}

function because(all: readonly Trial[], ranked: readonly Trial[]): string {
  const first = all.find(({ number }) => number === 1);
  const [best] = ranked;
  if (first === undefined || best === undefined || first.losses.length === 0)
    return 'there was no time for a trial';
  const stopped = ranked.filter(({ state }) => state === 'stopped').length;
  const told = `${ranked.length} trials, ${stopped} of them stopped early`;
  const gain = first.best - best.best;
  if (best === first) return `${told}: none is better than what the pipeline uses (${first.best.toFixed(4)})`;
  if (
    best.state !== first.state ||
    (first.state === 'stopped' && best.losses.length !== first.losses.length)
  ) {
    const after = ({ best, losses }: Trial): string => `${best.toFixed(4)} after epoch ${losses.length}`;
    const far = `trial ${best.number} has ${after(best)}, what the pipeline uses ${after(first)}`;
    return `${told}: ${far}; there was no time to train both as far, so no gain is known`;
  }
  const found = `trial ${best.number} has ${best.best.toFixed(4)}, what the pipeline uses ${first.best.toFixed(4)}`;
  const worth =
    gain > SEED_NOISE ? 'more than a seed explains' : `no more than another seed would give (${SEED_NOISE})`;
  return `${told}: ${found}, better by ${gain.toFixed(4)}, ${worth}`;
}
