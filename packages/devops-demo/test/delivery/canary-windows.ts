/** Windows of a canary beside its primary, for tests: quiet unless a test says otherwise. */
import type { CanaryWindow, VersionMeasurements } from '../../src/delivery/analyze.js';

const BOUNDS_SECONDS = [0.01, 0.025, 0.05, 0.1, Infinity];
/** Of 1,000 answers, how many each bound holds: p50 15 ms, p99 50 ms. */
const USUAL_SHARES = [0.25, 0.8, 0.99, 0.999, 1];

export function measured(
  requests: number,
  change: Partial<VersionMeasurements> & { shares?: readonly number[] } = {},
): VersionMeasurements {
  const { shares = USUAL_SHARES, ...rest } = change;
  return {
    version: '1.0.0',
    requests,
    failures: 0,
    latency: BOUNDS_SECONDS.map((upToSeconds, at) => ({
      upToSeconds,
      count: Math.round(requests * (shares[at] ?? 1)),
    })),
    saturation: { eventLoopLagSeconds: 0.004, residentBytes: 1e8, residentBytesPerSecond: 0 },
    newLogTemplates: [],
    restarts: 0,
    ...rest,
  };
}

export function windowOf(
  canary: VersionMeasurements,
  primary: VersionMeasurements = measured(9_000),
  seconds = 60,
): CanaryWindow {
  return { canary, primary, seconds };
}
