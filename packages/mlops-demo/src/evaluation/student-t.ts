/**
 * Student's t: how likely chance alone gives a mean of few values at least this many standard errors above zero.
 *
 * in:  t 2.5, 6 degrees of freedom (seven days)
 * out: 0.0233
 *
 * Rule: the finite sums for whole degrees of freedom; the upper tail, one-sided.
 *
 * When it misleads: it takes the values as independent and their spread as about the same. Below 10⁻¹² it has no digits left.
 *
 * Source: Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4; SciPy's `stats.t.sf`.
 */
export function studentTail(t: number, degreesOfFreedom: number): number {
  if (!Number.isInteger(degreesOfFreedom) || degreesOfFreedom < 1) {
    throw new RangeError(
      `studentTail: expected whole degrees of freedom of at least 1, got ${degreesOfFreedom}`,
    );
  }
  const within = withinShare(Math.atan(Math.abs(t) / Math.sqrt(degreesOfFreedom)), degreesOfFreedom);
  const tail = Math.max((1 - within) / 2, 0);
  return t >= 0 ? tail : 1 - tail;
}

/** The share between −t and t. */
function withinShare(angle: number, degreesOfFreedom: number): number {
  const isOdd = degreesOfFreedom % 2 === 1;
  if (degreesOfFreedom === 1) return (2 * angle) / Math.PI;
  const cosine = Math.cos(angle);
  let term = isOdd ? cosine : 1;
  let sum = term;
  for (let power = isOdd ? 3 : 2; power <= degreesOfFreedom - 2; power += 2) {
    term *= ((power - 1) / power) * cosine ** 2;
    sum += term;
  }
  return isOdd ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
}
