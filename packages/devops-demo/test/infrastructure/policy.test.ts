import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { stringify } from 'yaml';
import { policy } from '../../src/infrastructure/policy.js';
import { workloadsOfCompose } from '../../src/infrastructure/policy/compose-file.js';
import { workloadsOfKubernetes } from '../../src/infrastructure/policy/kubernetes-file.js';

const REPOSITORY = join(import.meta.dirname, '../../../..');

const GOOD_SERVICE = {
  image: 'postgres:17',
  user: 'postgres',
  mem_limit: '160m',
  read_only: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  ports: ['127.0.0.1:5432:5432'],
  environment: {
    POSTGRES_PASSWORD_FILE: '/secrets/postgres-password',
    DATABASE: 'postgresql://triops@postgres/triops',
  },
};

function refusedInCompose(change: Record<string, unknown>): string[] {
  const text = stringify({ services: { it: { ...GOOD_SERVICE, ...change } } });
  return policy(workloadsOfCompose(text, 'f')).map(({ rule, because }) => `${rule}: ${because}`);
}

describe('policy of a compose file', () => {
  it('lets a service run that is as it should be', () => {
    expect(refusedInCompose({})).toEqual([]);
  });

  test.each([
    [{ user: 'root' }, 'no-root: runs as root'],
    [{ user: '0:0' }, 'no-root: runs as root'],
    [{ user: undefined }, 'no-root: declares no user, so the image decides'],
    [{ mem_limit: undefined }, 'memory-limit: has no memory limit: a leak would take the whole machine'],
    [{ mem_limit: 0 }, 'memory-limit: has no memory limit: a leak would take the whole machine'],
    [{ mem_limit: '0m' }, 'memory-limit: has no memory limit: a leak would take the whole machine'],
    [{ image: 'postgres' }, 'pinned-image: uses postgres without a tag'],
    [{ image: 'registry:5000/postgres' }, 'pinned-image: uses registry:5000/postgres without a tag'],
    [{ image: 'postgres:latest' }, 'pinned-image: uses postgres:latest, which changes without a change here'],
    [{ ports: ['5432:5432'] }, 'loopback-only: opens port 5432:5432 beyond this machine'],
    [{ ports: ['0.0.0.0:1:1'] }, 'loopback-only: opens port 0.0.0.0:1:1 beyond this machine'],
    [{ ports: [8080] }, 'loopback-only: opens port 8080 beyond this machine'],
    [{ ports: [{ target: 80, published: '8080' }] }, 'loopback-only: opens port 8080 beyond this machine'],
    [{ network_mode: 'host' }, "loopback-only: opens the machine's whole network beyond this machine"],
    [{ environment: { API_KEY: 'x1' } }, 'no-plain-secret: has the secret API_KEY in plain text'],
    [{ environment: { PGPASS: 'hunter2' } }, 'no-plain-secret: has the secret PGPASS in plain text'],
    [
      { command: ['node', 'x.mjs', '--token=hunter2'] },
      'no-plain-secret: has the secret token in plain text in its command',
    ],
    [
      { command: 'node x.mjs --api-key hunter2 --quiet' },
      'no-plain-secret: has the secret api-key in plain text in its command',
    ],
    [
      { entrypoint: ['env', 'PASSWORD=hunter2', 'node'] },
      'no-plain-secret: has the secret PASSWORD in plain text in its command',
    ],
    [
      { command: ['psql', 'postgresql://me:x1@db/me'] },
      'no-plain-secret: has a password in an address of its command',
    ],
    [{ volumes: ['/etc:/etc:ro'] }, 'no-host-path: mounts /etc of the machine'],
    [{ environment: ['DB_PASSWORD=x1'] }, 'no-plain-secret: has the secret DB_PASSWORD in plain text'],
    [
      { environment: { URL: 'postgresql://me:x1@db/me' } },
      'no-plain-secret: has a password in the address URL',
    ],
    [{ read_only: undefined }, 'read-only-root: may write to its own image'],
    [{ privileged: true }, 'no-privileges: is privileged'],
    [{ cap_drop: ['NET_RAW'] }, 'no-privileges: keeps the capabilities that the engine gives'],
    [{ cap_add: ['SYS_ADMIN'] }, 'no-privileges: adds the capabilities SYS_ADMIN'],
    [{ security_opt: [] }, 'no-privileges: may gain privileges (no no-new-privileges)'],
    [{ pid: 'host' }, "no-privileges: sees the machine's processes"],
    [
      { volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro'] },
      'no-engine-socket: mounts /var/run/docker.sock, which is root on this machine',
    ],
  ])('refuses %j', (change, refusal) => {
    expect(refusedInCompose(change)).toEqual([refusal]);
  });

  test.each([
    [{ image: 'postgres@sha256:0123' }],
    [{ mem_limit: undefined, deploy: { resources: { limits: { memory: '160M' } } } }],
    [{ ports: ['127.0.0.1:${PORT:-5432}:5432', { target: 1, host_ip: '::1' }] }],
    [{ command: ['x', '--token=$TOKEN', '--token-file', '/secrets/token', '--password', '--quiet'] }],
    [{ volumes: ['./infrastructure/x.yml:/etc/x.yml:ro', 'data:/data'], environment: { PGPASSFILE: '/p' } }],
    [{ environment: { API_TOKEN: '${API_TOKEN:-}', TOKEN_FILE: '/secrets/token' } }],
  ])('accepts %j', (change) => {
    expect(refusedInCompose(change)).toEqual([]);
  });

  it('refuses a variable whose default opens a port', () => {
    expect(refusedInCompose({ ports: ['${ADDRESS:-0.0.0.0}:80:80'] })).toHaveLength(1);
  });

  it('does not overlook what another file adds', () => {
    expect(() => refusedInCompose({ extends: { file: 'other.yml', service: 'x' } })).toThrow('extends');
  });

  it('finds nothing to refuse in the compose file of this repository', () => {
    const workloads = workloadsOfCompose(readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8'), 'f');
    expect(workloads.length).toBeGreaterThanOrEqual(12);
    expect(policy(workloads)).toEqual([]);
  });
});

const GOOD_CONTAINER = {
  name: 'it',
  image: 'triops:0.1.0',
  resources: { limits: { memory: '128Mi' } },
  securityContext: {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
  },
};

function refusedInKubernetes(object: Record<string, unknown>): string[] {
  const text = `---\n${stringify({ metadata: { name: 'it' }, ...object })}`;
  return policy(workloadsOfKubernetes(text, 'f')).map(({ rule, because }) => `${rule}: ${because}`);
}

const deployment = (container: Record<string, unknown>, pod: Record<string, unknown> = {}) => ({
  kind: 'Deployment',
  spec: { template: { spec: { containers: [{ ...GOOD_CONTAINER, ...container }], ...pod } } },
});
const secured = (change: Record<string, unknown>) =>
  deployment({ securityContext: { ...GOOD_CONTAINER.securityContext, ...change } });

describe('policy of Kubernetes manifests', () => {
  test.each([
    [deployment({}), []],
    [secured({ runAsNonRoot: undefined }), ['no-root: declares no user, so the image decides']],
    [secured({ runAsUser: 0 }), ['no-root: runs as root']],
    [
      deployment({ resources: {} }),
      ['memory-limit: has no memory limit: a leak would take the whole machine'],
    ],
    [
      deployment({ resources: { limits: { memory: 0 } } }),
      ['memory-limit: has no memory limit: a leak would take the whole machine'],
    ],
    [
      deployment({ args: ['--token=hunter2'] }),
      ['no-plain-secret: has the secret token in plain text in its command'],
    ],
    [
      deployment({}, { volumes: [{ hostPath: { path: '/var/log' } }] }),
      ['no-host-path: mounts /var/log of the machine'],
    ],
    [deployment({ image: 'triops' }), ['pinned-image: uses triops without a tag']],
    [deployment({ ports: [{ hostPort: 80 }] }), ['loopback-only: opens host port 80 beyond this machine']],
    [
      deployment({}, { hostNetwork: true }),
      ["loopback-only: opens the machine's whole network beyond this machine"],
    ],
    [
      deployment({ env: [{ name: 'TOKEN', value: 'x1' }] }),
      ['no-plain-secret: has the secret TOKEN in plain text'],
    ],
    [secured({ readOnlyRootFilesystem: false }), ['read-only-root: may write to its own image']],
    [secured({ privileged: true }), ['no-privileges: is privileged']],
    [secured({ capabilities: {} }), ['no-privileges: keeps the capabilities that the engine gives']],
    [
      secured({ allowPrivilegeEscalation: undefined }),
      ['no-privileges: may gain privileges (allowPrivilegeEscalation)'],
    ],
    [
      deployment({}, { volumes: [{ hostPath: { path: '/run/containerd/containerd.sock' } }] }),
      ['no-engine-socket: mounts /run/containerd/containerd.sock, which is root on this machine'],
    ],
    [
      { kind: 'Service', spec: { type: 'NodePort' } },
      ['loopback-only: opens a NodePort beyond this machine'],
    ],
    [{ kind: 'Service', spec: {} }, []],
    [{ kind: 'Secret', stringData: { a: 'b' } }, ['no-plain-secret: has the secret SECRET a in plain text']],
  ])('%j', (object, refusals) => {
    expect(refusedInKubernetes(object)).toEqual(refusals);
  });

  it('looks into the containers that start first, and into cron jobs', () => {
    const bad = { ...GOOD_CONTAINER, image: 'x:latest' };
    const pod = { containers: [GOOD_CONTAINER], initContainers: [bad] };
    const job = { kind: 'CronJob', spec: { jobTemplate: { spec: { template: { spec: pod } } } } };
    expect(refusedInKubernetes(job)).toHaveLength(1);
  });

  it('lets a pod give its security to its containers', () => {
    const { securityContext, ...bare } = GOOD_CONTAINER;
    const { runAsNonRoot, ...rest } = securityContext;
    const pod = { containers: [{ ...bare, securityContext: rest }], securityContext: { runAsNonRoot } };
    expect(refusedInKubernetes({ kind: 'Pod', spec: pod })).toEqual([]);
  });
});
