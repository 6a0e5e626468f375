import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readComposeFile } from '../../src/infrastructure/store.js';
import { stackOf } from '../../src/infrastructure/swarm/stack.js';

const SERVICE = { image: 'haproxy:3.2', restart: 'unless-stopped', mem_limit: '48m', pids_limit: 128 };
const stacked = (change: object, name = 'it') =>
  (stackOf({ services: { [name]: { ...SERVICE, ...change } }, volumes: {} }) as Stack).services[name];

interface Stack {
  services: Record<string, Record<string, unknown> | undefined>;
  secrets: Record<string, { external: boolean }>;
}

describe('the Swarm stack', () => {
  it('moves limits and restarts to where Swarm reads them', () => {
    expect(stacked({})).toEqual({
      image: 'haproxy:3.2',
      deploy: {
        endpoint_mode: 'dnsrr',
        replicas: 1,
        resources: { limits: { memory: '48M', pids: 128 } },
        restart_policy: { condition: 'any', delay: '2s' },
      },
    });
    expect(stacked({ restart: 'no' })).toMatchObject({
      deploy: { restart_policy: { condition: 'on-failure' } },
    });
  });

  it('publishes no port, for Swarm would publish it to the network', () => {
    expect(stacked({ ports: ['127.0.0.1:1:1'] })).not.toHaveProperty('ports');
  });

  it('says memory file systems in the long form, for Swarm drops the short one', () => {
    expect(stacked({ tmpfs: ['/tmp:size=16m', '/run/x:uid=9'] })).toMatchObject({
      volumes: [
        { type: 'tmpfs', target: '/tmp', tmpfs: { size: 16_777_216 } },
        { type: 'tmpfs', target: '/run/x' },
      ],
    });
  });

  it('starts a service of a profile with no instance', () => {
    expect(stacked({ profiles: ['canary'] })).toMatchObject({ deploy: { replicas: 0 } });
  });

  it('keeps secrets out of volumes and out of the file', () => {
    const stack = stackOf(parse(readComposeFile(), { merge: true })) as Stack;
    expect(Object.values(stack.secrets)).toHaveLength(3);
    for (const { external } of Object.values(stack.secrets)) expect(external).toBe(true);
    expect(stack.services).not.toHaveProperty('secrets');
    expect(JSON.stringify(stack.services)).not.toContain('"secrets:/secrets');
  });
});
