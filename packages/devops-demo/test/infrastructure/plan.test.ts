import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { plan } from '../../src/infrastructure/plan.js';
import { composeConfig, declaredServices } from '../../src/infrastructure/plan/declared.js';
import type { MachineFacts } from '../../src/infrastructure/plan/machine-facts.js';
import { containers, runningInstances } from '../../src/infrastructure/plan/running.js';

const machine: MachineFacts = {
  imageId: (name) => (name === 'haproxy:3.2' ? 'sha256:aa' : undefined),
  changedAt: (path) => (path === '/repo/haproxy.cfg' ? new Date('2026-07-01T10:00:00Z') : undefined),
  digest: (value) => `${value.length} characters`,
};

/** As `docker compose config --format json` writes it. */
const CONFIG = {
  name: 'triops',
  services: {
    gateway: {
      command: null,
      image: 'haproxy:3.2',
      user: 'haproxy',
      restart: 'unless-stopped',
      read_only: true,
      mem_limit: '50331648',
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      environment: { BIND: '', PRICE: '5 $$', TOKEN: 'abc' },
      ports: [{ mode: 'ingress', host_ip: '127.0.0.1', target: 8081, published: '8081', protocol: 'tcp' }],
      volumes: [
        { type: 'volume', source: 'gateway', target: '/run/gateway', volume: {} },
        { type: 'bind', source: '/repo/haproxy.cfg', target: '/etc/haproxy.cfg', read_only: true },
      ],
    },
  },
  volumes: { gateway: { name: 'triops_gateway' } },
};

/** As `docker inspect` writes it, less what is not looked at. */
const CONTAINER = {
  Name: '/triops-gateway-1',
  Image: 'sha256:aa',
  State: { Status: 'running', ExitCode: 0, StartedAt: '2026-07-01T11:00:00.123456789Z' },
  Config: {
    Image: 'haproxy:3.2',
    User: 'haproxy',
    Cmd: ['haproxy', '-f', '/etc/haproxy.cfg'],
    Env: ['BIND=', 'PRICE=5 $', 'TOKEN=abc', 'PATH=/bin'],
    Labels: { 'com.docker.compose.service': 'gateway', 'com.docker.compose.oneoff': 'False' },
  },
  HostConfig: {
    Memory: 50_331_648,
    ReadonlyRootfs: true,
    Privileged: false,
    CapDrop: ['ALL'],
    CapAdd: null,
    SecurityOpt: ['no-new-privileges:true'],
    RestartPolicy: { Name: 'unless-stopped' },
    PortBindings: { '8081/tcp': [{ HostIp: '127.0.0.1', HostPort: '8081' }] },
  },
  Mounts: [
    { Type: 'volume', Name: 'triops_gateway', Source: '/var/lib/x', Destination: '/run/gateway', RW: true },
    { Type: 'bind', Source: '/repo/haproxy.cfg', Destination: '/etc/haproxy.cfg', RW: false },
  ],
};

function differences(container: object[], config: object = CONFIG, facts: MachineFacts = machine): string[] {
  const declared = declaredServices(composeConfig.parse(config), facts);
  const running = runningInstances(containers.parse(container), facts);
  return plan(declared, running).map(
    ({ service, what, declared, running }) => `${service} ${what}: ${declared} → ${running}`,
  );
}

const host = (change: object) => ({ ...CONTAINER, HostConfig: { ...CONTAINER.HostConfig, ...change } });
const config = (change: object) => ({ ...CONTAINER, Config: { ...CONTAINER.Config, ...change } });
const declaring = (change: object) => ({
  ...CONFIG,
  services: { gateway: { ...CONFIG.services.gateway, ...change } },
});

describe('plan', () => {
  it('finds no difference where there is none', () => {
    expect(differences([CONTAINER])).toEqual([]);
  });

  test.each([
    [host({ Memory: 0 }), 'gateway memory: 48 MiB → unlimited'],
    [host({ ReadonlyRootfs: false }), 'gateway root file system: read-only → writable'],
    [host({ Privileged: true }), 'gateway privileged: false → true'],
    [host({ CapAdd: ['SYS_ADMIN', 'CHOWN'] }), 'gateway capabilities added: none → CHOWN, SYS_ADMIN'],
    [host({ RestartPolicy: { Name: 'no' } }), 'gateway restart: unless-stopped → no'],
    [
      host({ PortBindings: { '8081/tcp': [{ HostIp: '', HostPort: '8081' }] } }),
      'gateway ports: 127.0.0.1:8081->8081 → 0.0.0.0:8081->8081',
    ],
    [config({ User: 'root' }), 'gateway user: haproxy → root'],
    [config({ Image: 'haproxy:3.0' }), 'gateway image: haproxy:3.2 → haproxy:3.0'],
    [{ ...CONTAINER, Image: 'sha256:bb' }, 'gateway build: sha256:aa → sha256:bb'],
    [config({ Env: ['BIND=::', 'PRICE=5 $', 'TOKEN=abc'] }), 'gateway environment BIND:  → ::'],
    [
      config({ Env: ['BIND=', 'PRICE=5 $', 'TOKEN=abcd'] }),
      'gateway environment TOKEN: hidden, digest 3 characters → hidden, digest 4 characters',
    ],
    [{ ...CONTAINER, State: { ...CONTAINER.State, Status: 'paused' } }, 'gateway state: running → paused'],
    [
      { ...CONTAINER, State: { ...CONTAINER.State, StartedAt: '2026-07-01T09:00:00Z' } },
      'gateway configuration /etc/haproxy.cfg: as at the start → changed since the start',
    ],
  ])('names what was changed by hand', (container, difference) => {
    expect(differences([container])).toEqual([difference]);
  });

  it('names a service that is absent, and a container that nobody declared', () => {
    const stranger = config({ Labels: { 'com.docker.compose.service': 'miner' } });
    expect(differences([stranger])).toEqual([
      'gateway service: present → absent',
      'miner service: absent → triops-gateway-1',
    ]);
  });

  it('lets a service of a profile be absent, and a finished task be finished', () => {
    expect(differences([], declaring({ profiles: ['canary'] }))).toEqual([]);
    const done = host({ RestartPolicy: { Name: 'no' } });
    for (const [ExitCode, expected] of [
      [0, []],
      [1, ['gateway state: exited 0 or running → exited 1']],
    ] as const) {
      const ended = { ...done, State: { ...CONTAINER.State, Status: 'exited', ExitCode } };
      expect(differences([ended], declaring({ restart: 'no' }))).toEqual(expected);
    }
  });

  it('takes no notice of a container for one command', () => {
    const oneOff = config({
      Labels: { 'com.docker.compose.service': 'gateway', 'com.docker.compose.oneoff': 'True' },
    });
    expect(differences([CONTAINER, oneOff])).toEqual([]);
  });

  it('says when the declared image is not there', () => {
    const facts = { ...machine, imageId: () => undefined };
    expect(differences([CONTAINER], CONFIG, facts)).toEqual([
      'gateway build: not on this machine → sha256:aa',
    ]);
  });
});

describe('the commands', () => {
  const devops = join(import.meta.dirname, '../../bin/devops.js');
  const withoutEngine = { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:9' };

  it('plan ends with 2 where no engine answers, and says so', () => {
    const { status, stderr } = spawnSync(process.execPath, [devops, 'plan'], {
      encoding: 'utf8',
      env: withoutEngine,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^devops plan: cannot tell what runs: /);
  });

  it('policy passes this repository and refuses a bad file', () => {
    const said = execFileSync(process.execPath, [devops, 'policy'], { encoding: 'utf8' });
    expect(said).toMatch(/^\d+ workloads in \d+ files, 0 refusals\n$/);
    const file = join(import.meta.dirname, 'bad-compose.yml');
    const { status, stdout } = spawnSync(process.execPath, [devops, 'policy', file, '--json'], {
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    const { refusals } = JSON.parse(stdout) as { refusals: { rule: string }[] };
    expect(refusals.map(({ rule }) => rule)).toEqual([
      'no-root',
      'memory-limit',
      'pinned-image',
      'loopback-only',
      'no-plain-secret',
      'read-only-root',
      'no-privileges',
    ]);
  });

  test.each([
    ['plan', '--jason'],
    ['policy', '--jason'],
    ['generate', 'all'],
  ])('%s %s is wrong usage', (...words) => {
    expect(spawnSync(process.execPath, [devops, ...words]).status).toBe(2);
  });
});
