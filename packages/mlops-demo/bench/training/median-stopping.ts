/**
 * Median stopping: end a trial that is behind at an epoch where others have been.
 *
 * in:  the losses of earlier trials by epoch, a trial's loss after an epoch → out: go on or not
 *
 * Rule: after epoch e a trial stops when its loss is above the median of what earlier trials had after the same epoch. The first three
 * trials are never stopped: before, a median says nothing.
 *
 * When it misleads: a slow starter with a small learning rate may be ahead at the end. It is stopped all the same; that is the price.
 *
 * Source: Golovin et al., "Google Vizier" (2017), section 3.2.2.
 */
const LEAST_TRIALS = 3;

export function isBehind(earlier: readonly (readonly number[])[], epoch: number, loss: number): boolean {
  const there = earlier.flatMap((losses) => losses.slice(epoch - 1, epoch)).toSorted((a, b) => a - b);
  if (there.length < LEAST_TRIALS) return false;
  const middle = (there.length - 1) / 2;
  const median = (there[Math.floor(middle)]! + there[Math.ceil(middle)]!) / 2;
  return !(loss <= median);
}
