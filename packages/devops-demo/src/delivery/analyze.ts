/** Stand-in until the statistical analysis is merged: the same interface, a crude rule. */
export interface VersionMeasurements {
  readonly version: string;
  readonly requests: number;
  readonly failures: number;
  readonly latency: readonly { readonly upToSeconds: number; readonly count: number }[];
  readonly saturation: {
    readonly eventLoopLagSeconds: number | null;
    readonly residentBytes: number | null;
    readonly residentBytesPerSecond: number | null;
  };
  readonly newLogTemplates: readonly {
    readonly template: string;
    readonly severity: string;
    readonly count: number;
  }[];
  readonly restarts: number;
}
export interface CanaryWindow {
  readonly primary: VersionMeasurements;
  readonly canary: VersionMeasurements;
  readonly seconds: number;
}
export interface CheckResult {
  readonly check: string;
  readonly kind: 'pass' | 'fail' | 'inconclusive';
  readonly because: string;
  readonly numbers: Record<string, number>;
}
export type Verdict = {
  readonly kind: 'pass' | 'fail' | 'inconclusive';
  readonly because: string;
  readonly checks: readonly CheckResult[];
};

const LEAST_REQUESTS = 40;
const MORE_FAILURES = 0.015;
const SLOWER_MEAN = 2.5;
const GROWTH_BYTES_PER_SECOND = 2_000_000;

export function analyze({ primary, canary }: CanaryWindow): Verdict {
  const rate = ({ requests, failures }: VersionMeasurements) => failures / Math.max(1, requests);
  const growth = (of: VersionMeasurements) => of.saturation.residentBytesPerSecond ?? 0;
  const numbers = { primary: primary.requests, canary: canary.requests };
  const said = (kind: Verdict['kind'], because: string): Verdict => ({
    kind,
    because,
    checks: [{ check: 'stand-in', kind, because, numbers }],
  });
  if (canary.restarts > 0) return said('fail', `it ended ${canary.restarts} times`);
  if (Math.min(canary.requests, primary.requests) < LEAST_REQUESTS)
    return said('inconclusive', 'too few requests');
  if (rate(canary) > rate(primary) + MORE_FAILURES)
    return said('fail', `${canary.failures} of ${canary.requests} failed`);
  if (middle(canary) > SLOWER_MEAN * middle(primary)) return said('fail', `median ${middle(canary)} s`);
  if (growth(canary) > growth(primary) + GROWTH_BYTES_PER_SECOND) return said('fail', 'memory grows');
  return said('pass', `${canary.requests} requests like before`);
}

function middle({ latency }: VersionMeasurements): number {
  const half = (latency.at(-1)?.count ?? 0) / 2;
  return latency.find(({ count }) => count >= half)?.upToSeconds ?? 0;
}
