/**
 * Event loop: does the canary's process lag behind its own work?
 *
 * in: CanaryWindow → out: CheckResult
 *
 * Rule: fail when the lag is above both a twentieth of a second and three times the primary's. One number per window has no
 * spread that a test could use, so this is a threshold, with the primary beside it.
 * When it misleads: a machine that is short of CPU slows the younger process first. A mean hides one long pause.
 * Source: chosen here: 50 ms is a tenth of the board's p95 objective (slo.ts); the factor leaves room for a busy
 * machine, on which both lag. A cold start needs none: warm-up.ts leaves it out.
 *
 *   canary 0.180 s, primary 0.004 s → fail
 */
import type { CanaryWindow, CheckResult } from './measurements.js';

const TOLERATED_LAG_SECONDS = 0.05;
const TOLERATED_RATIO = 3;

export function eventLoop({ canary, primary }: CanaryWindow): CheckResult {
  const check = 'event-loop';
  const lag = canary.saturation.eventLoopLagSeconds;
  if (lag === null) {
    const because = "the canary's event loop lag was not measured";
    return { check, kind: 'inconclusive', because, numbers: {} };
  }
  const primaryLag = primary.saturation.eventLoopLagSeconds ?? 0;
  const limit = Math.max(TOLERATED_LAG_SECONDS, TOLERATED_RATIO * primaryLag);
  const because = `event loop lag ${lag.toFixed(3)} s, primary ${primaryLag.toFixed(3)} s, tolerated ${limit.toFixed(3)} s`;
  return { check, kind: lag > limit ? 'fail' : 'pass', because, numbers: { lag, primaryLag, limit } };
}
