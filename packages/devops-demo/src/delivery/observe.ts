/**
 * Observe: does the deployed version keep its objectives?
 *
 * in: Deployed, Traffic of the window, Objectives → out: Observed
 *
 * Rule: success ratio = 1 - failed / requests, p95 from the histogram; both must keep their objective. Below a least number of
 * requests the answer is "waiting", never "passed": no traffic proves nothing.
 * When it misleads: a version is compared with a fixed objective here, not with the version before it.
 * Source: see slo.ts.
 *
 *   observe(deployed, { requests: 1000, failed: 2, buckets }, OBJECTIVES)
 *   // { state: 'passed', because: '1000 requests: 99.80 % succeeded (objective 99.50 %), p95 0.042 s (objective 0.500 s)' }
 */
import type { Deployed } from './deploy.js';
import type { Objectives } from './slo.js';
import type { Stage } from './stage.js';
import { quantile } from './traffic.js';
import type { Traffic } from './traffic.js';

export interface Observed extends Stage {
  /** The objectives that were missed. */
  missed: ('success ratio' | 'p95')[];
}

export function observe(deployed: Deployed, traffic: Traffic, objectives: Objectives): Observed {
  const { requests, failed, buckets } = traffic;
  if (deployed.state !== 'passed')
    return { state: 'waiting', because: 'nothing is deployed yet', missed: [] };
  if (requests < objectives.leastRequests) {
    const because = `${requests} requests so far, ${objectives.leastRequests} are needed for a judgement`;
    return { state: 'waiting', because, missed: [] };
  }
  const ratio = 1 - failed / requests;
  const p95 = quantile(0.95, buckets) ?? 0;
  const missed: Observed['missed'] = [];
  if (ratio < objectives.successRatio) missed.push('success ratio');
  if (p95 > objectives.p95Seconds) missed.push('p95');
  const because =
    `${requests} requests: ${percent(ratio)} succeeded (objective ${percent(objectives.successRatio)}), ` +
    `p95 ${p95.toFixed(3)} s (objective ${objectives.p95Seconds.toFixed(3)} s)`;
  return { state: missed.length === 0 ? 'passed' : 'failed', because, missed };
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
