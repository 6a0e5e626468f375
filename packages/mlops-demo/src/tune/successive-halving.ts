/**
 * Successive halving: train many settings a little, the better half further, the best of them to the end.
 *
 * in:  how many trials, the epochs of the rungs (1, 3, 6), a way to train one on to an epoch → out: the loss of each at its last rung
 *
 * Rule: on each rung every trial that is left is trained up to the rung's epoch; the better half goes on, at least one. Equal losses: the
 * earlier trial. With E epochs at most the rungs are E, E/2, E/4, … down to 1, so that each rung costs about the same.
 *
 * When it misleads: a small learning rate starts slowly and may be out after one epoch although it would have won.
 *
 * Why not ASHA or Hyperband: ASHA keeps many machines busy that would wait at a rung; here is one. Hyperband adds searches with fewer halvings, in case
 * early losses say nothing; measured here they say enough (README).
 *
 * Source: Jamieson & Talwalkar, "Non-stochastic Best Arm Identification" (2016); Li et al., "Hyperband" (2018), algorithm 1.
 *
 * Example: losses after epoch 1 of .40 .30 .35 .25: trials 2 and 4 go on; after epoch 3 of .28 and .29, trial 2 is trained to the end
 */
/** Trains a trial on, up to an epoch; answers its loss there, or undefined when nothing more may be trained. */
export type TrainTo = (trial: number, epoch: number) => Promise<number | undefined>;

const KEPT_SHARE = 0.5;

/** The epochs at which trials are compared, ascending; the last one is the end. */
export function rungsOf(epochs: number): number[] {
  const rungs = [];
  for (let rung = epochs; rung >= 1; rung = Math.floor(rung * KEPT_SHARE)) rungs.unshift(rung);
  return rungs;
}

/** Which trials are left at the end, the best first. Stops where it is when `trainTo` has no more to give. */
export async function successiveHalving(
  trials: number,
  rungs: readonly number[],
  trainTo: TrainTo,
): Promise<number[]> {
  let left = Array.from({ length: trials }, (_, trial) => trial);
  for (const [index, rung] of rungs.entries()) {
    if (index > 0) left = left.slice(0, Math.max(Math.ceil(left.length * KEPT_SHARE), 1));
    const reached: { trial: number; loss: number }[] = [];
    for (const trial of left) {
      const loss = await trainTo(trial, rung);
      // What has been compared on the rung before is the best that is known.
      if (loss === undefined) return index === 0 ? ranked(reached) : left;
      reached.push({ trial, loss });
    }
    left = ranked(reached);
  }
  return left;
}

/** A loss that is no number comes last. */
function ranked(reached: readonly { trial: number; loss: number }[]): number[] {
  const order = (loss: number): number => (Number.isNaN(loss) ? Infinity : loss);
  return reached
    .toSorted((a, b) => order(a.loss) - order(b.loss) || a.trial - b.trial)
    .map(({ trial }) => trial);
}
