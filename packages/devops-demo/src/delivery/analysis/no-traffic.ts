/**
 * No traffic: what is not asked cannot be judged.
 *
 * in: answers counted at both versions → out: a sentence, or undefined when there is something to compare
 *
 * Rule: without a single request there is no share and no quantile, so there is neither pass nor fail, only a reason.
 * Source: fluxcd/flagger#1633, where a canary without values halts, and #1035 and #1090, on advancing without traffic.
 */
export function nothingToCompare(canaryAnswers: number, primaryAnswers: number): string | undefined {
  if (canaryAnswers < 1)
    return 'no request reached the canary: send it traffic, or look at its weight and route';
  if (primaryAnswers < 1) return 'no request reached the primary: there is nothing to compare with';
  return undefined;
}
