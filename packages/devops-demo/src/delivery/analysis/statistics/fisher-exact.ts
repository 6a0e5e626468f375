/**
 * Fisher's exact test, one-sided: could chance alone put so many of the failures on this side?
 *
 * in: two shares as counts → out: the probability of at least this many on the first side, were both sides alike
 *
 * Rule: hold the four sums of the table fixed and add up hypergeometric probabilities from the observed count upwards.
 * It is exact for any sample, however small: five failures of five requests are judged as surely as 500 of 5,000.
 * When it misleads: requests must be independent. One outage of a dependency that fails forty requests in a row is
 * one event, not forty. It is also a little strict, because counts jump.
 * Source: R. A. Fisher, The logic of inductive inference (1935).
 *
 *   fisherExact({ count: 3, of: 4 }, { count: 1, of: 4 }) // 0.243: the lady tasting tea
 */
export interface Share {
  readonly count: number;
  readonly of: number;
}

/** Terms smaller than this part of the sum change nothing. */
const NEGLIGIBLE = 1e-17;

export function fisherExact(first: Share, second: Share): number {
  const { count, of: drawn } = whole(first);
  const other = whole(second);
  const marked = count + other.count;
  const unmarked = drawn + other.of - marked;
  const most = Math.min(drawn, marked);
  let term = Math.exp(
    logChoose(marked, count) + logChoose(unmarked, drawn - count) - logChoose(marked + unmarked, drawn),
  );
  let sum = term;
  for (let seen = count; seen < most && term > sum * NEGLIGIBLE; seen++) {
    term *= ((marked - seen) * (drawn - seen)) / ((seen + 1) * (unmarked - drawn + seen + 1));
    sum += term;
  }
  return Math.min(1, sum);
}

/** Prometheus' increase() extrapolates, so its counts have decimals. */
function whole({ count, of }: Share): Share {
  const all = Math.round(of);
  return { count: Math.min(Math.round(count), all), of: all };
}

function logChoose(all: number, chosen: number): number {
  return logFactorial(all) - logFactorial(chosen) - logFactorial(all - chosen);
}

/** Below this, factorials are multiplied; above, Stirling's series is exact to ten digits. */
const STIRLING_FROM = 10;

function logFactorial(n: number): number {
  if (n < STIRLING_FROM) {
    let product = 1;
    for (let factor = 2; factor <= n; factor++) product *= factor;
    return Math.log(product);
  }
  const correction = 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1_260 * n ** 5);
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + correction;
}
