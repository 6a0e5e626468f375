/**
 * Kubernetes manifests: the whole of Triops for those who outgrow one machine.
 *
 * in: SERVICES → out: one file for each service, the namespace, the training, and the canary as an option
 */
import { App, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-32';
import { addCanary } from './canary.js';
import { denyByDefault } from './network.js';
import { addService } from './service.js';
import { SERVICES } from './services.js';
import { addTraining } from './training.js';

const NAMESPACE = 'triops';
const STANDARD = 'pod-security.kubernetes.io';

export interface ManifestFile {
  readonly path: string;
  readonly objects: readonly unknown[];
}

export function kubernetesManifests(): ManifestFile[] {
  return [
    manifestFile('namespace', addNamespace),
    ...SERVICES.map((service) => manifestFile(service.name, (chart) => addService(chart, service))),
    manifestFile('train', addTraining),
    manifestFile('options/canary-argo-rollouts', (chart) => addCanary(chart, 'flights-api')),
  ];
}

function manifestFile(name: string, add: (chart: Chart) => void): ManifestFile {
  const chart = new Chart(new App(), 'triops', { namespace: NAMESPACE, disableResourceNameHashes: true });
  add(chart);
  return { path: `kubernetes/${name}.yaml`, objects: chart.toJson() as unknown[] };
}

function addNamespace(chart: Chart): void {
  // The cluster itself refuses a pod that is root, privileged or keeps capabilities.
  const labels = { [`${STANDARD}/enforce`]: 'restricted', [`${STANDARD}/warn`]: 'restricted' };
  new k8s.KubeNamespace(chart, 'namespace', { metadata: { name: NAMESPACE, labels } });
  denyByDefault(chart);
}
