/**
 * Network policies: who may talk to whom. What no policy allows is refused.
 *
 * Rule: a service takes connections from those that ask it and from Prometheus, and opens them to those it asks, the name
 * server, and PostgreSQL where it needs it.
 * When it misleads: a cluster whose network plugin knows no policies accepts these objects and enforces nothing.
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
import type { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-32';
import { SERVICES } from './services.js';
import type { ServiceSpec } from './services.js';

const DNS_PORT = 53;
const POSTGRES_PORT = 5_432;
const PROMETHEUS_PORT = 9_090;
const NAMESPACE_NAME = 'kubernetes.io/metadata.name';
const MONITORING = { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'monitoring' } } };

export function networkPolicy(
  chart: Chart,
  { name, port, asks, needsDatabase, environment }: ServiceSpec,
): void {
  const askers = SERVICES.filter(({ asks }) => asks.includes(name)).map((asker) => asker.name);
  const others = SERVICES.filter((other) => asks.includes(other.name));
  new k8s.KubeNetworkPolicy(chart, 'network-policy', {
    metadata: { name },
    spec: {
      podSelector: podsOf(name),
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [...askers.map((asker) => ({ podSelector: podsOf(asker) })), MONITORING],
          ports: [tcp(port)],
        },
      ],
      egress: [
        ...others.map((other) => ({ to: [{ podSelector: podsOf(other.name) }], ports: [tcp(other.port)] })),
        // The database may stand outside the cluster, so its port is all that is known of it.
        ...(needsDatabase ? [{ ports: [tcp(POSTGRES_PORT)] }] : []),
        ...('PROMETHEUS_URL' in environment ? [{ to: [MONITORING], ports: [tcp(PROMETHEUS_PORT)] }] : []),
      ],
    },
  });
}

/** Nothing in, nothing out but questions to the name server. Also for pods that are nobody's service. */
export function denyByDefault(chart: Chart): void {
  const dns = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(DNS_PORT) }));
  new k8s.KubeNetworkPolicy(chart, 'deny-by-default', {
    metadata: { name: 'deny-by-default' },
    spec: {
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [{ namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: 'kube-system' } } }], ports: dns },
      ],
    },
  });
}

const podsOf = (name: string) => ({ matchLabels: { 'app.kubernetes.io/name': name } });
const tcp = (port: number) => ({ protocol: 'TCP', port: k8s.IntOrString.fromNumber(port) });
