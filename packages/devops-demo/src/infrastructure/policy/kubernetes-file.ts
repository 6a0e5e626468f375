/**
 * The workloads of Kubernetes manifests: everything with a pod template, and the doors and secrets beside it.
 *
 * in: text with one or more documents → out: Workload[]
 *
 * Rule: a container inherits what its pod declares. A Service of the type NodePort or LoadBalancer is an open port, a Secret with values is one
 * in plain text: base64 hides nothing.
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { isLimit } from './workload.js';
import type { Workload } from './workload.js';

const securityContext = z.looseObject({
  runAsNonRoot: z.boolean().optional(),
  runAsUser: z.number().optional(),
  privileged: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
});
const container = z.looseObject({
  name: z.string(),
  image: z.string(),
  securityContext: securityContext.optional(),
  resources: z.looseObject({ limits: z.record(z.string(), z.unknown()).optional() }).optional(),
  ports: z.array(z.looseObject({ hostPort: z.number().optional() })).optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).optional(),
});
const podSpec = z.looseObject({
  hostNetwork: z.boolean().optional(),
  hostPID: z.boolean().optional(),
  securityContext: securityContext.optional(),
  containers: z.array(container),
  initContainers: z.array(container).optional(),
  volumes: z.array(z.looseObject({ hostPath: z.looseObject({ path: z.string() }).optional() })).optional(),
});
const object = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
  type: z.string().optional(),
  data: z.record(z.string(), z.string()).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
  spec: z.looseObject({ type: z.string().optional() }).optional(),
});
type KubernetesObject = z.infer<typeof object>;
type PodSpec = z.infer<typeof podSpec>;
type Container = z.infer<typeof container>;

const NOTHING_WRONG: Omit<Workload, 'name'> = {
  image: 'none:none',
  user: 'ordinary',
  hasMemoryLimit: true,
  hasReadOnlyRoot: true,
  privileges: [],
  openPorts: [],
  environment: {},
  command: [],
  hostMounts: [],
};

export function workloadsOfKubernetes(text: string, file: string): Workload[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((content) => content !== null)
    .flatMap((content) => workloadsOf(object.parse(content), file));
}

function workloadsOf(each: KubernetesObject, file: string): Workload[] {
  const name = `${file}: ${each.kind} ${each.metadata.name}`;
  if (each.kind === 'Secret') {
    const values = Object.keys({ ...each.data, ...each.stringData });
    return [
      {
        ...NOTHING_WRONG,
        name,
        environment: Object.fromEntries(values.map((key) => [`SECRET ${key}`, 'set'])),
      },
    ];
  }
  if (each.kind === 'Service') {
    const type = each.spec?.type ?? 'ClusterIP';
    const isOpen = type === 'NodePort' || type === 'LoadBalancer';
    return [{ ...NOTHING_WRONG, name, openPorts: isOpen ? [`a ${type}`] : [] }];
  }
  const pod = podSpecOf(each);
  if (pod === undefined) return [];
  return [...(pod.initContainers ?? []), ...pod.containers].map((part) =>
    workloadOf(`${name}/${part.name}`, pod, part),
  );
}

/** Pods, what has a pod template, and cron jobs, which have a job template around it. */
function podSpecOf({ kind, spec }: KubernetesObject): PodSpec | undefined {
  const inside = (content: unknown, key: string) => (content as Record<string, unknown> | undefined)?.[key];
  const job = kind === 'CronJob' ? inside(inside(spec, 'jobTemplate'), 'spec') : spec;
  const pod = kind === 'Pod' ? spec : inside(inside(job, 'template'), 'spec');
  return pod === undefined ? undefined : podSpec.parse(pod);
}

function workloadOf(name: string, pod: PodSpec, part: Container): Workload {
  const context = { ...pod.securityContext, ...part.securityContext };
  return {
    name,
    image: part.image,
    user: context.runAsUser === 0 ? 'root' : context.runAsNonRoot === true ? 'ordinary' : 'undeclared',
    hasMemoryLimit: isLimit(part.resources?.limits?.['memory']),
    hasReadOnlyRoot: context.readOnlyRootFilesystem === true,
    privileges: privilegesOf(context, pod),
    openPorts: [
      ...(pod.hostNetwork === true ? ["the machine's whole network"] : []),
      ...(part.ports ?? []).flatMap(({ hostPort }) =>
        hostPort === undefined ? [] : [`host port ${hostPort}`],
      ),
    ],
    environment: Object.fromEntries((part.env ?? []).map(({ name: key, value = '' }) => [key, value])),
    command: [...(part.command ?? []), ...(part.args ?? [])],
    hostMounts: (pod.volumes ?? []).flatMap(({ hostPath }) =>
      hostPath === undefined ? [] : [hostPath.path],
    ),
  };
}

function privilegesOf(context: z.infer<typeof securityContext>, { hostPID }: PodSpec): string[] {
  const { add = [], drop = [] } = context.capabilities ?? {};
  return [
    context.privileged === true ? 'is privileged' : undefined,
    context.allowPrivilegeEscalation === false ? undefined : 'may gain privileges (allowPrivilegeEscalation)',
    drop.includes('ALL') ? undefined : 'keeps the capabilities that the engine gives',
    add.length > 0 ? `adds the capabilities ${add.join(' ')}` : undefined,
    hostPID === true ? "sees the machine's processes" : undefined,
  ].filter((each) => each !== undefined);
}
