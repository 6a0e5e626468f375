/** The departures board and its delivery pipeline. Start reading at `delivery/pipeline.ts` and `service/board.ts`. */
export { analyze } from './delivery/analyze.js';
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
export { DEFAULT_POLICY } from './delivery/analysis/policy.js';
export type { AnalysisPolicy } from './delivery/analysis/policy.js';
export { poolWindows } from './delivery/analysis/pool-windows.js';
export { staticThreshold } from './delivery/analysis/static-threshold.js';
export { deliver, deliveryReport } from './delivery/pipeline.js';
export type { Delivery, DeliveryFacts } from './delivery/pipeline.js';
export { WARM_UP } from './delivery/warm-up.js';
export type { WarmUpPolicy } from './delivery/warm-up.js';
export { mayRelease } from './delivery/may-release.js';
export type { Overrides, Permission, ReleaseGrounds } from './delivery/may-release.js';
export { OBJECTIVES } from './delivery/slo.js';
export type { Objectives } from './delivery/slo.js';
export { budgetSentence, errorBudgets } from './delivery/slo/error-budget.js';
export type { Budget } from './delivery/slo/error-budget.js';
export type { BoardEvent, Departure, Flight, Outcome, Risk } from './service/flight.js';
