/** A release and what may happen to it, for tests. */
import type { AnalysisRun } from '../../src/delivery/analysis/analysis-run.js';
import type { CanaryWindow, VersionMeasurements } from '../../src/delivery/analyze.js';
import type { Event, Release } from '../../src/delivery/release.js';

const measurements = (version: string, requests: number): VersionMeasurements => ({
  version,
  requests,
  failures: 0,
  latency: [{ upToSeconds: Infinity, count: requests }],
  saturation: { eventLoopLagSeconds: 0.01, residentBytes: 1e8, residentBytesPerSecond: 0 },
  newLogTemplates: [],
  restarts: 0,
});

export const window: CanaryWindow = {
  primary: measurements('0.1.0', 950),
  canary: measurements('0.2.0', 50),
  seconds: 20,
};

export const begun: Release = {
  id: '2026-07-01T10-00-00-000Z-dddddddd',
  startedAt: '2026-07-01T10:00:00.000Z',
  updatedAt: '2026-07-01T10:00:00.000Z',
  candidate: { version: '0.2.0', commit: 'c0ffee00c0ffee00', digest: 'd'.repeat(64) },
  primary: { version: '0.1.0', commit: 'beef0000beef0000', digest: 'e'.repeat(64) },
  primaryUrl: 'http://127.0.0.1:4001',
  slots: { candidate: 'green', primary: 'blue' },
  phase: 'verifying',
  step: 0,
  because: 'it has begun',
  judged: [],
};

export const done: Event = { kind: 'done' };
export const failed: Event = { kind: 'failed', because: 'it broke' };
export const resumed = (candidateRuns: boolean): Event => ({ kind: 'resumed', candidateRuns });
export const observed = (
  kind: AnalysisRun['verdict']['kind'],
  finished = kind !== 'inconclusive',
): Event => ({
  kind: 'observed',
  window,
  run: { finished, verdict: { kind, because: `judged ${kind}`, checks: [] } },
});
