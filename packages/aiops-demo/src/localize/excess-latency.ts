/**
 * Lost time: how many seconds of waiting, beyond normal, did a service cost in each interval?
 *
 * in: its normal metrics, those of the incident → out: Excess, or null when it cannot be judged
 *
 * Rule: requests × (latency − median of normal), the mean over the measured intervals. Usual spread: the largest of 1.4826 MAD, the 99th
 * percentile's distance from the median / 2.33 (latencies have tails that MAD does not see), and 2 % of the median. Unusual
 * is the worst interval's distance in spreads.
 * When it misleads: means of few requests; a slow path asked more often looks like a slow service; latency that grows with traffic.
 * Source: MAD and 1.4826: Rousseeuw and Croux 1993. 2.33 is the 99 % quantile of the normal distribution.
 *
 *   // normally 0.1 s; in one interval 50 requests of 0.3 s → { perInterval: 10, expected: 0.1, seen: 0.3, … }
 */
import { median, quantile } from 'simple-statistics';
import { pairs } from './metric-table.js';
import type { Excess, ServiceMetrics } from './metric-table.js';

/** Fewer normal values have no spread worth the name. */
export const LEAST_NORMAL_VALUES = 10;
const SPREADS_PER_MAD = 1.4826;
const TAIL = 0.99;
const SPREADS_TO_TAIL = 2.33;
/** Below two hundredths nobody would speak of slow, however constant it was before. */
const LEAST_RELATIVE_SPREAD = 0.02;

export function excessLatency(normal: ServiceMetrics, incident: ServiceMetrics): Excess | null {
  const usual = normal.latencySeconds.filter((value) => value !== null);
  const measured = pairs(incident.requests, incident.latencySeconds);
  if (usual.length < LEAST_NORMAL_VALUES || measured.length === 0) return null;
  const expected = median(usual);
  const lost = measured.map(([requests, latency]) => requests * (latency - expected));
  const seen = Math.max(...measured.map(([, latency]) => latency));
  return {
    perInterval: lost.reduce((sum, seconds) => sum + seconds, 0) / lost.length,
    unusual: (seen - expected) / spreadOf(usual, expected),
    expected,
    seen,
  };
}

function spreadOf(usual: readonly number[], center: number): number {
  const deviation = median(usual.map((value) => Math.abs(value - center)));
  const tail = quantile([...usual], TAIL) - center;
  return Math.max(
    deviation * SPREADS_PER_MAD,
    tail / SPREADS_TO_TAIL,
    center * LEAST_RELATIVE_SPREAD,
    Number.EPSILON,
  );
}
