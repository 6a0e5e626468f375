/**
 * Swarm stack: the compose file as `docker stack deploy` takes it.
 *
 * in: docker-compose.yml, parsed → out: the stack file
 *
 * Rule: limits and restarts move below `deploy`; mounted files become configs, the volume of secrets becomes Swarm's own secrets, so any node may run
 * a service. What waits for another service in compose starts at once here, fails, and is started again until that is there.
 * No port is published: Swarm knows no address to bind one to, so every port would be open to the network. Open one on purpose:
 * `docker service update --publish-add mode=host,published=8080,target=8080 triops_control-room`.
 * When it misleads: Swarm ignores `security_opt`. Volumes are local to a node: with several nodes `postgres`, `models` and `gateway` need a place to stay.
 * Source: https://docs.docker.com/reference/compose-file/legacy-versions/, version 3; https://docs.docker.com/engine/swarm/secrets/
 */
import { z } from 'zod';

const volume = z.string();
const service = z.looseObject({
  restart: z.string(),
  mem_limit: z.string(),
  pids_limit: z.number(),
  profiles: z.array(z.string()).default([]),
  volumes: z.array(volume).default([]),
  tmpfs: z.array(z.string()).default([]),
});
const compose = z.looseObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.unknown()),
});
type Service = z.infer<typeof service>;

/** The last of the old schema's versions: it knows `start_interval` and limits of processes. */
const VERSION = '3.12';
/** Made at the start of the stack by `scripts/stack.sh`, in compose by the service of this name. */
const SECRETS = 'secrets';
const SECRET_FILES = ['postgres-password', 'database-url', 'token'];
const READ_BY_ALL = 0o444;
/** What Swarm does not know, and what is said otherwise below. */
const TRANSLATED = new Set(
  'build pull_policy ports depends_on shm_size restart mem_limit pids_limit profiles volumes tmpfs'.split(
    ' ',
  ),
);
const RETRY_AFTER = '2s';
const MIB = 1_024 * 1_024;

export function stackOf(content: unknown): object {
  const { services, volumes } = compose.parse(content);
  const stacked = Object.entries(services).filter(
    ([name, { profiles }]) => name !== SECRETS && !profiles.includes('grafana'),
  );
  const configs = new Map(stacked.flatMap(([, { volumes: mounts }]) => mounts.filter(isFile).map(configOf)));
  return {
    version: VERSION,
    services: Object.fromEntries(stacked.map(([name, declared]) => [name, stackService(declared)])),
    configs: Object.fromEntries([...configs].map(([name, { file }]) => [name, { file }])),
    secrets: Object.fromEntries(
      SECRET_FILES.map((name) => [name, { external: true, name: `triops-${name}` }]),
    ),
    volumes: Object.fromEntries(Object.entries(volumes).filter(([name]) => name !== SECRETS)),
  };
}

function stackService(declared: Service): object {
  const { restart, mem_limit: memory, pids_limit: pids, profiles, volumes, tmpfs } = declared;
  const same = Object.fromEntries(Object.entries(declared).filter(([key]) => !TRANSLATED.has(key)));
  const mounts = [
    ...volumes.filter((each) => !isFile(each) && sourceOf(each) !== SECRETS),
    ...tmpfs.map(memoryMount),
  ];
  const configs = volumes.filter(isFile).map((each) => {
    const [source, { target }] = configOf(each);
    return { source, target, mode: READ_BY_ALL };
  });
  const needsSecrets = volumes.some((each) => sourceOf(each) === SECRETS);
  const secrets = SECRET_FILES.map((name) => ({
    source: name,
    target: `/secrets/${name}`,
    mode: READ_BY_ALL,
  }));
  return {
    ...same,
    ...(mounts.length > 0 ? { volumes: mounts } : {}),
    ...(configs.length > 0 ? { configs } : {}),
    ...(needsSecrets ? { secrets } : {}),
    deploy: {
      // Names mean the instances themselves: a virtual address needs IPVS in the kernel, and hides which instance answers.
      endpoint_mode: 'dnsrr',
      replicas: profiles.length > 0 ? 0 : 1,
      resources: { limits: { memory: memory.toUpperCase(), pids } },
      restart_policy: { condition: restart === 'no' ? 'on-failure' : 'any', delay: RETRY_AFTER },
    },
  };
}

/** The short form of `tmpfs` is dropped without a word. Owner and mode cannot be said here: everybody may write, as in any /tmp. */
function memoryMount(short: string): object {
  const [target, options = ''] = short.split(':');
  const mebibytes = /size=(\d+)m/.exec(options)?.[1];
  const size = mebibytes === undefined ? {} : { tmpfs: { size: Number(mebibytes) * MIB } };
  return { type: 'tmpfs', target, ...size };
}

const sourceOf = (mount: string) => mount.split(':')[0] ?? '';
const isFile = (mount: string) => mount.startsWith('./');

/** Relative to the stack file, which lies four folders below the compose file. */
function configOf(mount: string): [string, { file: string; target: string }] {
  const [source = '', target = ''] = mount.split(':');
  const name = source.split('/').slice(-1)[0]?.replace('.', '-') ?? '';
  return [name, { file: source.replace('./packages/devops-demo/infrastructure/', '../'), target }];
}
