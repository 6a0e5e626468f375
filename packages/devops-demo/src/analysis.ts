/** The analysis of a canary, for other programs that judge one: from numbers to a verdict, without clock, disk or network. */
export { analysisRun } from './delivery/analysis/analysis-run.js';
export type { AnalysisRun } from './delivery/analysis/analysis-run.js';
export type {
  CanaryWindow,
  CheckResult,
  LatencyBucket,
  Verdict,
  VerdictKind,
  VersionMeasurements,
} from './delivery/analysis/measurements.js';
export { poolWindows } from './delivery/analysis/pool-windows.js';
export { DEFAULT_POLICY, passDeviations, stopLevel } from './delivery/analysis/policy.js';
export type { AnalysisPolicy } from './delivery/analysis/policy.js';
export { successRate } from './delivery/analysis/success-rate.js';
export { tailLatency } from './delivery/analysis/tail-latency.js';
export { typicalLatency } from './delivery/analysis/typical-latency.js';
export { normalQuantile } from './delivery/analysis/statistics/normal-quantile.js';
