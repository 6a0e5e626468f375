/**
 * Memory: does the canary grow as if it would never stop?
 *
 * in: CanaryWindow → out: CheckResult
 *
 * Rule: growth beyond the primary's own, at which the process would double within three minutes, over at least a minute
 * in which growth was measured. Shorter, a leak cannot be told from a start: inconclusive.
 * When it misleads: a slow leak. What takes a day to fill the memory looks like nothing in ten minutes; an alert on the
 * promoted version is for that. A cache that is meant to fill looks like a leak until it is full.
 * Source: chosen here, from the growth of a fresh process under load: `npm run bench -w devops-demo` prints it.
 *
 *   100 MB, growing by 2 MB/s for 90 s, primary steady → fail: it would double in 50 s
 */
import type { CanaryWindow, CheckResult } from './measurements.js';

const DOUBLES_WITHIN_SECONDS = 180;
const LEAST_SECONDS = 60;
const MEGABYTE = 1e6;

export function memory({ canary, primary, seconds, growthSeconds = seconds }: CanaryWindow): CheckResult {
  const check = 'memory';
  const { residentBytes, residentBytesPerSecond } = canary.saturation;
  if (residentBytes === null || residentBytesPerSecond === null) {
    const because = "the canary's memory growth is not measured yet";
    return { check, kind: 'inconclusive', because, numbers: {} };
  }
  const primaryGrowth = Math.max(0, primary.saturation.residentBytesPerSecond ?? 0);
  const growth = residentBytesPerSecond - primaryGrowth;
  const numbers = { residentBytes, residentBytesPerSecond, primaryGrowth };
  const seen = `${(residentBytes / MEGABYTE).toFixed(0)} MB, growing by ${(growth / MEGABYTE).toFixed(2)} MB/s more than the primary`;
  if (growth * DOUBLES_WITHIN_SECONDS <= residentBytes)
    return { check, kind: 'pass', because: seen, numbers };
  const doubling = `${seen}: it would double in ${Math.ceil(residentBytes / growth)} s`;
  if (growthSeconds < LEAST_SECONDS) {
    const because = `${doubling}, but ${Math.round(growthSeconds)} s are too short to tell a leak from a start`;
    return { check, kind: 'inconclusive', because, numbers };
  }
  return { check, kind: 'fail', because: doubling, numbers };
}
