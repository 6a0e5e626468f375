/**
 * Since the break: a leak that began ten minutes ago has a history of ten minutes. What was before says nothing of it.
 *
 * in: values → out: those since the last structural break, or all of them
 *
 * Rule: cut at every place and fit a straight line to both sides. Where the two lines leave a fifth or less of the squared distance that
 * one line leaves, the values before the cut are forgotten. Both sides have 20 values or more.
 * When it misleads: a random walk has breaks of its own, though seldom one so deep. A season longer than the history is a break.
 * Source: Chow, Econometrica 28 (1960); the search over all places: Quandt, JASA 55 (1960).
 *
 *   sinceBreak([…forty times 100, …forty values that rise by 5]) // the forty that rise
 */
const LEAST_VALUES = 20;
const DEEP_BREAK = 0.2;

export function sinceBreak(values: readonly number[]): readonly number[] {
  const upTo = prefixDistances(values);
  const from = prefixDistances(values.toReversed());
  const whole = upTo.at(-1) ?? 0;
  let best = { cut: 0, distance: DEEP_BREAK * whole };
  for (let cut = LEAST_VALUES; cut <= values.length - LEAST_VALUES; cut += 1) {
    const distance = (upTo[cut - 1] ?? 0) + (from[values.length - cut - 1] ?? 0);
    if (distance < best.distance) best = { cut, distance };
  }
  return values.slice(best.cut);
}

/** For each length, the squared distance of the first values from their own straight line. */
function prefixDistances(values: readonly number[]): number[] {
  let [meanX, meanY, xx, xy, yy] = [0, 0, 0, 0, 0];
  return values.map((value, step) => {
    // Welford's update keeps large numbers with small differences exact.
    const [dx, dy] = [step - meanX, value - meanY];
    meanX += dx / (step + 1);
    meanY += dy / (step + 1);
    xx += dx * (step - meanX);
    xy += dx * (value - meanY);
    yy += dy * (value - meanY);
    return xx === 0 ? 0 : Math.max(0, yy - (xy * xy) / xx);
  });
}
