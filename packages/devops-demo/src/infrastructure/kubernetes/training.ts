/**
 * Training on Kubernetes: a claim that holds the models, and a job that looks at night whether there is one.
 *
 * It trains the first model, and another when the one in production cannot be served any more. What replaces a good model is the model
 * server's own retraining, which knows when; the same plan every night would be refused as no better.
 */
import type { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-32';
import { MODELS_CLAIM, podSpec } from './pod.js';
import { labelsOf } from './service.js';

/** After the last flights of the day have landed. */
const NIGHTLY = '30 3 * * *';
/** A training takes about a minute; one that takes an hour hangs. */
const DEADLINE_SECONDS = 3_600;
const MEMORY_MIB = 640;
const TMP_MIB = 64;

export function addTraining(chart: Chart): void {
  const name = 'train';
  const labels = labelsOf(name);
  new k8s.KubePersistentVolumeClaim(chart, 'models', {
    metadata: { name: MODELS_CLAIM },
    spec: {
      // The job writes while the model server reads, perhaps on another node.
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: k8s.Quantity.fromString('1Gi') } },
    },
  });
  new k8s.KubeCronJob(chart, 'cron-job', {
    metadata: { name, labels },
    spec: {
      schedule: NIGHTLY,
      // Two trainings at once would race for the same registry.
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 1,
          activeDeadlineSeconds: DEADLINE_SECONDS,
          template: { metadata: { labels }, spec: { ...trainingPod(name), restartPolicy: 'Never' } },
        },
      },
    },
  });
}

function trainingPod(name: string): k8s.PodSpec {
  return podSpec({
    name,
    command: ['node', 'packages/mlops-demo/bin/mlops.js', 'run', '--if-none', '--out', '/models'],
    memoryMiB: MEMORY_MIB,
    tmpMiB: TMP_MIB,
    environment: {},
    secrets: [],
    needsModels: true,
  });
}
