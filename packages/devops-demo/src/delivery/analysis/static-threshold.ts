/**
 * Static threshold, the baseline: what most canaries are judged by.
 *
 * in: the windows so far → out: pass, fail or inconclusive
 *
 * Rule: a window is good when its success rate is at least 99 % and its p99 at most 500 ms; without values it is not good.
 * Five good windows promote, five others roll back: maxWeight 50 with stepWeight 10, and threshold 5.
 * When it misleads: it compares with a number, not with the primary. One failure of 50 requests is 98 %; a p99 that went
 * from 40 to 400 ms is still "below 500".
 * Source: the example of Flagger's documentation, https://fluxcd.io/flagger/usage/metrics (2024). Its shape, not its code.
 */
import { latencyQuantile } from './latency-buckets.js';
import type { CanaryWindow, VerdictKind } from './measurements.js';

const LEAST_SUCCESS_RATE = 0.99;
const MOST_P99_SECONDS = 0.5;
const GOOD_WINDOWS_TO_PROMOTE = 5;
const OTHER_WINDOWS_TO_ROLL_BACK = 5;

export function staticThreshold(windows: readonly CanaryWindow[]): VerdictKind {
  const good = windows.filter(isGood).length;
  if (windows.length - good >= OTHER_WINDOWS_TO_ROLL_BACK) return 'fail';
  return good >= GOOD_WINDOWS_TO_PROMOTE ? 'pass' : 'inconclusive';
}

function isGood({ canary }: CanaryWindow): boolean {
  if (canary.requests === 0) return false;
  const successRate = 1 - canary.failures / canary.requests;
  return successRate >= LEAST_SUCCESS_RATE && latencyQuantile(0.99, canary.latency) <= MOST_P99_SECONDS;
}
