/**
 * Looks: which windows are enough to look at the canary again?
 *
 * in: CanaryWindow[], oldest first, AnalysisPolicy → out: Looks
 *
 * Rule: a look ends with the window in which the canary's requests since the last one reach the least number, or after so many windows;
 * a window without any request is a look of its own, for nothing adds up. So where traffic is thin windows grow until there is
 * something to judge, and a canary that nobody asks still ends after the planned looks. Inside a look a fail is possible too, so that
 * a bad release need not be met longer: its first window spends half of the look's chance of a wrong stop, the next a quarter, and so
 * on; the last one spends what is left. A look is cold when it ended before both versions were warm.
 * When it misleads: a look of few requests, ended by the number of windows, counts like any other.
 * Source: alpha spending, K. K. G. Lan and D. L. DeMets, Discrete sequential boundaries for clinical trials, Biometrika 70 (1983).
 *
 *   looksOf([20 requests, 20, 20, 20], { leastRequests: 50, … }) // { ended: 1, cold: 0, spent: 0.5 }: the fourth begins the second look
 */
import type { CanaryWindow } from './measurements.js';
import type { AnalysisPolicy } from './policy.js';

export interface Looks {
  readonly ended: number;
  /** Of the ended ones. */
  readonly cold: number;
  /** Share of one look's chance of a wrong stop that the last window spends. */
  readonly spent: number;
}

export function looksOf(
  windows: readonly CanaryWindow[],
  { leastRequests, windowsPerLook }: Pick<AnalysisPolicy, 'leastRequests' | 'windowsPerLook'>,
): Looks {
  let [ended, cold, requests, open, spent] = [0, 0, 0, 0, 1];
  for (const { canary, warmUp } of windows) {
    requests += canary.requests;
    open += 1;
    const isLast = requests >= leastRequests || canary.requests === 0 || open >= windowsPerLook;
    spent = 2 ** -(isLast ? open - 1 : open);
    if (!isLast) continue;
    ended += 1;
    if (warmUp?.from === null) cold += 1;
    [requests, open] = [0, 0];
  }
  return { ended, cold, spent };
}
