/** The pod that all workloads share: an ordinary user, a read-only root, no capability, the secrets as files. */
import { k8s } from 'cdk8s-plus-32';

export const IMAGE = 'triops:0.1.0';
/** The user `node` of the image. */
const NODE_USER = 1_000;
const SECRET = 'triops-secrets';
/** Owner and group may read; the group is the pod's own. */
const SECRET_MODE = 0o440;
export const MODELS_CLAIM = 'models';

export interface PodOptions {
  readonly name: string;
  readonly command: string[];
  readonly memoryMiB: number;
  readonly tmpMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly needsModels: boolean;
  readonly container?: Partial<k8s.Container>;
}

export function podSpec(options: PodOptions): k8s.PodSpec {
  const { name, command, memoryMiB, tmpMiB, environment, secrets, needsModels, container } = options;
  const mebibytes = (amount: number) => k8s.Quantity.fromString(`${amount}Mi`);
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: NODE_USER,
      runAsGroup: NODE_USER,
      fsGroup: NODE_USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name,
        image: IMAGE,
        imagePullPolicy: 'IfNotPresent',
        command,
        env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
        resources: {
          // No limit of processor time: throttling shows as latency, and requests share what is there fairly.
          requests: { cpu: k8s.Quantity.fromString('50m'), memory: mebibytes(memoryMiB / 2) },
          limits: { memory: mebibytes(memoryMiB) },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(secrets.length > 0 ? [{ name: 'secrets', mountPath: '/secrets', readOnly: true }] : []),
          ...(needsModels ? [{ name: 'models', mountPath: '/models' }] : []),
        ],
        ...container,
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: { sizeLimit: mebibytes(tmpMiB) } },
      ...(secrets.length > 0 ? [secretVolume(secrets)] : []),
      ...(needsModels ? [{ name: 'models', persistentVolumeClaim: { claimName: MODELS_CLAIM } }] : []),
    ],
  };
}

function secretVolume(keys: readonly string[]): k8s.Volume {
  const items = keys.map((key) => ({ key, path: key }));
  return { name: 'secrets', secret: { secretName: SECRET, defaultMode: SECRET_MODE, items } };
}
