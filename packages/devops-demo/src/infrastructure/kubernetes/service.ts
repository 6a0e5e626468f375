/**
 * One service on Kubernetes: Deployment, Service, disruption budget, network policy, and an autoscaler where several instances may run.
 *
 * in: ServiceSpec → out: its objects in a chart
 */
import type { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-32';
import { networkPolicy } from './network.js';
import { podSpec } from './pod.js';
import type { ServiceSpec } from './services.js';

/** A new generation of objects as small as a request's leaves little behind. As in docker-compose.yml. */
const SEMI_SPACE_MIB = 2;
const TMP_MIB = 16;
/** The autoscaler's usual aim: a third of the processor is left for the time until a new instance is ready. */
const TARGET_CPU_PERCENT = 70;
/** Between the end of readiness and SIGTERM: proxies must have heard of it. */
const DEREGISTER_SECONDS = 5;
/** The chassis cuts requests 10 s after SIGTERM. */
const GRACE_SECONDS = DEREGISTER_SECONDS + 15;
/** Failed probes after a start, at 2 s each: as long as compose waits. */
const START_TRIES = 60;

export function addService(chart: Chart, spec: ServiceSpec): void {
  const { name, port, replicas } = spec;
  const labels = labelsOf(name);
  const least = replicas?.least ?? 1;
  new k8s.KubeDeployment(chart, 'deployment', {
    metadata: { name, labels },
    spec: {
      // With an autoscaler the number is its own affair: a declared one would undo its work at each apply.
      ...(replicas === undefined ? { replicas: 1 } : {}),
      strategy: replicas === undefined ? { type: 'Recreate' } : surgeFirst(),
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: scrapedAt(port) }, spec: servicePod(spec) },
    },
  });
  new k8s.KubeService(chart, 'service', {
    metadata: { name, labels },
    spec: {
      selector: labels,
      ports: [{ name: 'http', port, targetPort: k8s.IntOrString.fromString('http') }],
    },
  });
  new k8s.KubePodDisruptionBudget(chart, 'disruption-budget', {
    metadata: { name },
    // One instance that must stay would keep its node from ever being drained.
    spec: { maxUnavailable: k8s.IntOrString.fromNumber(1), selector: { matchLabels: labels } },
  });
  networkPolicy(chart, spec);
  if (replicas !== undefined) autoscaler(chart, name, { least, most: replicas.most });
}

export const labelsOf = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/part-of': 'triops',
});

/** The new instance is ready before the old one goes. */
function surgeFirst(): k8s.DeploymentStrategy {
  const [none, one] = [k8s.IntOrString.fromNumber(0), k8s.IntOrString.fromNumber(1)];
  return { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: none, maxSurge: one } };
}

function scrapedAt(port: number): Record<string, string> {
  return {
    'prometheus.io/scrape': 'true',
    'prometheus.io/port': String(port),
    'prometheus.io/path': '/metrics',
  };
}

function servicePod(spec: ServiceSpec): k8s.PodSpec {
  const { name, program, port, heapMiB, memoryMiB, environment, needsDatabase, needsModels } = spec;
  const probe = (path: string) => ({
    httpGet: { path, port: k8s.IntOrString.fromString('http') },
    timeoutSeconds: 3,
  });
  return {
    ...podSpec({
      name,
      command: [
        'node',
        `--max-old-space-size=${heapMiB}`,
        `--max-semi-space-size=${SEMI_SPACE_MIB}`,
        program,
      ],
      memoryMiB,
      tmpMiB: TMP_MIB,
      environment: {
        PORT: String(port),
        ...(needsDatabase ? { DATABASE_URL_FILE: '/secrets/database-url' } : {}),
        TRIOPS_TOKEN_FILE: '/secrets/token',
        ...environment,
      },
      secrets: needsDatabase ? ['database-url', 'token'] : ['token'],
      needsModels,
      container: {
        ports: [{ name: 'http', containerPort: port }],
        startupProbe: { ...probe('/readyz'), periodSeconds: 2, failureThreshold: START_TRIES },
        readinessProbe: { ...probe('/readyz'), periodSeconds: 5, failureThreshold: 2 },
        // Alive is not ready: an instance whose database is away must not be killed for it.
        livenessProbe: { ...probe('/livez'), periodSeconds: 10, failureThreshold: 3 },
        lifecycle: { preStop: { exec: { command: ['sleep', String(DEREGISTER_SECONDS)] } } },
      },
    }),
    terminationGracePeriodSeconds: GRACE_SECONDS,
  };
}

function autoscaler(chart: Chart, name: string, { least, most }: { least: number; most: number }): void {
  const target = { type: 'Utilization', averageUtilization: TARGET_CPU_PERCENT };
  new k8s.KubeHorizontalPodAutoscalerV2(chart, 'autoscaler', {
    metadata: { name },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
      minReplicas: least,
      maxReplicas: most,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }],
    },
  });
}
