/**
 * Analyze: is the canary as good as the primary?
 *
 * in: CanaryWindow (what both versions did in the same span of time), AnalysisPolicy → out: Verdict
 *
 * Rule: nine checks, each with three answers. One fail is a fail; a pass needs every check to pass; anything else is
 * inconclusive and says what is missing. Each look and each check is a chance to be wrong; policy.ts spends the allowed error
 * on them. No traffic is never a pass and never a fail: it is inconclusive, and analysis-run.ts ends the wait. While one of the processes
 * is cold (warm-up.ts), four checks wait: latency, tail, event loop and memory; a death, silence, failures and new errors fail at any temperature.
 * When it misleads: what the metrics do not count. Wrong answers with status 200, damage in the database and defects that
 * wait for a route that is one of fifty requests, or for Monday, pass here. A canary at 5 % is also a load test at 5 %.
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 16; the words are those of Argo Rollouts and
 * Flagger. Measured error rates: `npm run bench:canary -w devops-demo`; the baseline is static-threshold.ts.
 *
 *   analyze({ primary: { requests: 400, failures: 4, … }, canary: { requests: 100, failures: 11, … }, seconds: 60 })
 *   // { kind: 'fail', because: '11.0 % of 100 canary requests failed, 1.0 % of 400 at the primary: more than chance …', … }
 */
import { eventLoop } from './analysis/event-loop.js';
import { liveness } from './analysis/liveness.js';
import type { CanaryWindow, CheckResult, Verdict } from './analysis/measurements.js';
import { memory } from './analysis/memory.js';
import { newLogTemplates } from './analysis/new-log-templates.js';
import { DEFAULT_POLICY } from './analysis/policy.js';
import type { AnalysisPolicy } from './analysis/policy.js';
import { restarts } from './analysis/restarts.js';
import { stillCold } from './analysis/still-cold.js';
import { successRate } from './analysis/success-rate.js';
import { tailLatency } from './analysis/tail-latency.js';
import { trafficMix } from './analysis/traffic-mix.js';
import { typicalLatency } from './analysis/typical-latency.js';

export type {
  CanaryWindow,
  CheckResult,
  Verdict,
  VersionMeasurements,
  WarmUp,
} from './analysis/measurements.js';
export type { AnalysisPolicy } from './analysis/policy.js';

/** What a cold process is bad at, whatever its version. */
const SPEED_CHECKS = ['typical-latency', 'tail-latency', 'event-loop', 'memory'];

/**
 * @param look which of the planned looks this is; a window that is judged once is its own last look
 * @param coldLooks at how many of them speed could not be compared
 */
export function analyze(
  window: CanaryWindow,
  policy: AnalysisPolicy = DEFAULT_POLICY,
  look: number = policy.looks,
  coldLooks = 0,
): Verdict {
  return verdictOf([
    successRate(window, policy, look),
    ...speedChecks(window, withFewerLooks(policy, coldLooks), Math.max(1, look - coldLooks)),
    newLogTemplates(window, policy, look),
    restarts(window),
    liveness(window),
    trafficMix(window),
  ]);
}

/** Who has fewer looks spends the same chance of being wrong on them. */
function withFewerLooks(policy: AnalysisPolicy, missed: number): AnalysisPolicy {
  return { ...policy, looks: Math.max(1, policy.looks - missed) };
}

function speedChecks(window: CanaryWindow, policy: AnalysisPolicy, look: number): CheckResult[] {
  const cold = stillCold(window);
  if (cold !== undefined) {
    return SPEED_CHECKS.map((check) => ({ check, kind: 'inconclusive', because: cold, numbers: {} }));
  }
  return [
    typicalLatency(window, policy, look),
    tailLatency(window, policy, look),
    eventLoop(window),
    memory(window),
  ];
}

export function verdictOf(checks: readonly CheckResult[]): Verdict {
  const failed = checks.filter(({ kind }) => kind === 'fail');
  if (failed.length > 0) return { kind: 'fail', because: reasonsOf(failed), checks };
  const open = checks.filter(({ kind }) => kind === 'inconclusive');
  if (open.length > 0) return { kind: 'inconclusive', because: reasonsOf(open), checks };
  return { kind: 'pass', because: `as good as the primary in all ${checks.length} checks`, checks };
}

/** Without traffic several checks give the same reason: once is enough. */
function reasonsOf(checks: readonly CheckResult[]): string {
  return [...new Set(checks.map(({ because }) => because))].join('; ');
}
