/**
 * Canary on Kubernetes: the same question as in `delivery/analyze.ts`, asked by Argo Rollouts.
 *
 * An option, not the default: plain Kubernetes can only weigh by the number of instances, judges nothing and rolls nothing back.
 * Argo Rollouts does, has the same three verdicts, and takes over the Deployment that is there (`workloadRef`).
 *
 * Rule: two shares of bad requests are compared, the canary's and the stable version's at the same moment. Fail: the canary's is higher, with
 * a chance of 0.125 % to say so of an equal one. Pass: it is at most two points higher, with a chance of 0.5 % to
 * say so of a worse one. Neither: inconclusive, and after ten looks the rollout stops and waits for a person.
 * When it misleads: the normal approximation is rough below some ten bad requests, where ours computes Fisher's exact test; slow
 * means slower than the objective here, than the stable version's p99 there. New log templates are not asked for.
 * Source: https://argo-rollouts.readthedocs.io/en/stable/features/analysis/; levels as in `delivery/analysis/policy.ts`.
 */
import { ApiObject } from 'cdk8s';
import type { Chart } from 'cdk8s';
import { DEFAULT_POLICY, stopLevel } from '../../delivery/analysis/policy.js';
import { normalQuantile } from '../../delivery/analysis/statistics/normal-quantile.js';
import { STEPS_PER_CENT } from '../../delivery/shift-traffic.js';
import { OBJECTIVES } from '../../delivery/slo.js';

const API_VERSION = 'argoproj.io/v1alpha1';
const PROMETHEUS = 'http://prometheus.monitoring:9090';
const { looks: LOOKS, leastRequests: LEAST_REQUESTS, toleratedFailures: TOLERATED_SHARE } = DEFAULT_POLICY;
const STOP_QUANTILE = quantile(1 - stopLevel(DEFAULT_POLICY));
/** Every look may pass, and Argo Rollouts knows no strictness that falls from look to look: divided evenly (Bonferroni). */
const PASS_QUANTILE = quantile(1 - DEFAULT_POLICY.wrongPasses / LOOKS);
const WINDOW = '2m';
const LOOK_EVERY = '30s';

function quantile(share: number): number {
  return Number(normalQuantile(share).toFixed(3));
}

export function addCanary(chart: Chart, name: string): void {
  new ApiObject(chart, 'rollout', {
    apiVersion: API_VERSION,
    kind: 'Rollout',
    metadata: { name },
    spec: {
      workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name, scaleDown: 'onsuccess' },
      strategy: {
        canary: {
          maxSurge: 1,
          maxUnavailable: 0,
          // With few instances Kubernetes rounds up; a mesh makes it exact.
          steps: STEPS_PER_CENT.flatMap((weight) => [{ setWeight: weight }, { analysis: analysisOf(name) }]),
        },
      },
    },
  });
  new ApiObject(chart, 'analysis', {
    apiVersion: API_VERSION,
    kind: 'AnalysisTemplate',
    metadata: { name },
    spec: {
      args: [{ name: 'canary-hash' }, { name: 'stable-hash' }, { name: 'job', value: name }],
      metrics: Object.entries(BAD_REQUESTS).map(([check, bad]) => metric(check, bad)),
    },
  });
}

function analysisOf(template: string): object {
  const hash = (podTemplateHashValue: string) => ({ valueFrom: { podTemplateHashValue } });
  return {
    templates: [{ templateName: template }],
    args: [
      { name: 'canary-hash', ...hash('Latest') },
      { name: 'stable-hash', ...hash('Stable') },
    ],
  };
}

type Version = 'canary' | 'stable';
/** The bad requests of a version, as PromQL. */
type Bad = (version: Version) => string;
const HISTOGRAM = 'http_server_request_duration_seconds';

/** Prometheus takes the label from the pods, where Argo Rollouts writes it. */
function increase(series: string, version: Version, labels = ''): string {
  const of = `job="{{args.job}}",rollouts_pod_template_hash="{{args.${version}-hash}}",http_route=~"/v1/.*"`;
  return `sum(increase(${HISTOGRAM}_${series}{${of}${labels}}[${WINDOW}]))`;
}

const requests = (version: Version) => increase('count', version);

const BAD_REQUESTS: Record<string, Bad> = {
  'success-rate': (version) =>
    `(${increase('count', version, ',http_response_status_code=~"5..|499"')} or vector(0))`,
  'tail-latency': (version) =>
    `(${requests(version)} - ${increase('bucket', version, `,le="${OBJECTIVES.p95Seconds}"`)})`,
};

/** How many standard errors the canary's share lies above the stable version's, if both were one. Unknown when no request was bad. */
function standardErrorsWorse(bad: Bad): string {
  const pooled = `((${bad('canary')} + ${bad('stable')}) / (${requests('canary')} + ${requests('stable')}))`;
  const error = `sqrt(${pooled} * (1 - ${pooled}) * (1 / ${requests('canary')} + 1 / ${requests('stable')}))`;
  return `(${gap(bad)}) / ${error}`;
}

/** The most that the canary's share may lie above the stable version's; one bad request more than seen keeps it above zero. */
function mostWorse(bad: Bad): string {
  const spread = (version: Version) => {
    const share = `((${bad(version)} + 1) / (${requests(version)} + 1))`;
    return `${share} * (1 - ${share}) / ${requests(version)}`;
  };
  return `(${gap(bad)}) + ${PASS_QUANTILE} * sqrt(${spread('canary')} + ${spread('stable')})`;
}

const gap = (bad: Bad) =>
  `${bad('canary')} / ${requests('canary')} - ${bad('stable')} / ${requests('stable')}`;

/** 1 is a pass, 0 is inconclusive, below 0 is a fail; nothing at all when there were too few requests. */
function verdict(bad: Bad): string {
  const passes = `((${mostWorse(bad)}) < bool ${TOLERATED_SHARE})`;
  const fails = `((${standardErrorsWorse(bad)}) > bool ${STOP_QUANTILE})`;
  return `(${passes} - 2 * ${fails}) and ${requests('canary')} >= ${LEAST_REQUESTS}`;
}

function metric(name: string, bad: Bad): object {
  return {
    name,
    initialDelay: WINDOW,
    interval: LOOK_EVERY,
    count: LOOKS,
    // One clear pass is enough, and one clear fail.
    consecutiveSuccessLimit: 1,
    successCondition: 'len(result) > 0 && result[0] == 1',
    failureCondition: 'len(result) > 0 && result[0] < 0',
    failureLimit: 0,
    inconclusiveLimit: LOOKS - 1,
    provider: { prometheus: { address: PROMETHEUS, query: verdict(bad) } },
  };
}
