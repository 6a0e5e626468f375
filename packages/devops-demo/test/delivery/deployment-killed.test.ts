/** A deployment that is killed before or after each of its deeds, and begun again: the world is kept, the process is new. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { AuditEntry } from '../../src/delivery/audit.js';
import { createDeployer } from '../../src/delivery/deployment/process.js';
import { createDeploymentStore } from '../../src/delivery/deployment/store.js';
import { deploymentsOf } from '../../src/delivery/dora/deployments.js';
import type { Backend } from '../../src/delivery/gateway.js';
import type { InstanceRecord, Slot } from '../../src/delivery/instances.js';
import type { Version } from '../../src/delivery/release.js';
import { auditEntriesOf } from '../../src/delivery/release/audited.js';
import { begun } from './releases.js';

interface World {
  readonly stateDir: string;
  readonly slots: Map<Slot, InstanceRecord>;
  readonly entries: AuditEntry[];
  backends: readonly Backend[];
  /** Has a record and does not run. */
  readonly silent: Set<Slot>;
  /** How often a slot was stopped that had all the traffic while the other one could have had it. */
  gaps: number;
}

const version = (name: string): Version => ({
  version: `${name}.0.0`,
  commit: 'c0ffee00',
  digest: name.repeat(64),
});
const [old, fresh, third] = [version('1'), version('2'), version('3')];

function recordOf(slot: Slot, digest: string): InstanceRecord {
  const [name = ''] = digest;
  const url = `http://${slot}:8081`;
  return { ...version(name), id: `${slot}-${name}`, slot, port: 8081, url, logFile: '', digest };
}

/** Lives for so many half deeds: dies before a deed, or between it and its answer. */
function deployer(world: World, halfDeeds: number, broken: readonly string[] = []) {
  let left = halfDeeds;
  function step(): void {
    if (left <= 0) throw new Error('killed');
    left -= 1;
  }
  function deed<Result>(work: () => Result): Result {
    step();
    const result = work();
    step();
    return result;
  }
  const store = createDeploymentStore(world.stateDir);
  return createDeployer({
    store: {
      ...store,
      save: (release) => deed(() => store.save(release)),
      noteFailed: (release) => deed(() => store.noteFailed(release)),
    },
    instances: {
      record: (slot) => world.slots.get(slot),
      isReady: async (slot) => Promise.resolve(world.slots.has(slot) && !world.silent.has(slot)),
      restarts: () => 0,
      start: async (slot, digest) => {
        const made = recordOf(slot, digest);
        await deed(async () => Promise.resolve(void world.slots.set(slot, made)));
        if (broken.includes(digest)) throw new Error('it does not start');
        return made;
      },
      stop: async (slot) =>
        deed(async () => {
          if (world.slots.size > 1 && world.backends[0]?.name === slot) world.gaps += 1;
          return Promise.resolve(void world.slots.delete(slot));
        }),
    },
    gateway: {
      backends: async () => Promise.resolve(world.backends),
      setBackends: async (backends) => {
        // A killed process does not go on asking.
        if (left <= 0) left = -1;
        else await deed(async () => Promise.resolve(void (world.backends = backends)));
      },
    },
    records: {
      record: async (before, after) =>
        deed(async () => {
          world.entries.push(...auditEntriesOf(before, after, { actor: 'pipeline', changes: [] }));
          return Promise.resolve([]);
        }),
    },
    say: () => undefined,
  });
}

async function newWorld(): Promise<World> {
  const stateDir = mkdtempSync(join(tmpdir(), 'triops-killed-'));
  const world: World = { stateDir, slots: new Map(), entries: [], backends: [], silent: new Set(), gaps: 0 };
  await deployer(world, Infinity)(old, []);
  return world;
}
const serving = ({ slots, backends }: World) => [
  [...slots.values()].map(({ slot, digest }) => `${slot} ${digest[0]}`),
  backends.map(({ name, weight }) => `${name} ${weight}`),
];
const promoted = ({ entries }: World) =>
  deploymentsOf(entries).map(({ subject, outcome }) => `${subject} ${outcome}`);

const KILLS = Array.from({ length: 24 }, (_, halfDeeds) => halfDeeds);

it.each(KILLS)('killed after %d half deeds, the next start brings it to its end, once', async (halfDeeds) => {
  const world = await newWorld();
  await deployer(world, halfDeeds)(fresh, []).catch(() => undefined);
  expect([...world.slots.keys()], 'a version serves, whenever it was killed').toContain(
    world.backends[0]?.name,
  );
  await deployer(world, Infinity)(fresh, []);
  expect(serving(world)).toEqual([['green 2'], ['green 100']]);
  expect(promoted(world)).toEqual(['flights-api 1.0.0 promoted', 'flights-api 2.0.0 promoted']);
  rmSync(world.stateDir, { recursive: true });
});

it.each(KILLS)('killed after %d half deeds, another image comes: that one serves', async (halfDeeds) => {
  const world = await newWorld();
  await deployer(world, halfDeeds)(fresh, []).catch(() => undefined);
  await deployer(world, Infinity)(third, []);
  expect([world.slots.size, [...world.slots.values()][0]?.digest]).toEqual([1, third.digest]);
  expect(world.backends[0]?.name).toBe([...world.slots.keys()][0]);
  expect(promoted(world).at(-1)).toBe('flights-api 3.0.0 promoted');
  expect(world.gaps).toBe(0);
  rmSync(world.stateDir, { recursive: true });
});

it.each(KILLS)(
  'killed after %d half deeds of going back, the old version serves after the next try',
  async (n) => {
    const world = await newWorld();
    const broken = [fresh.digest ?? ''];
    await deployer(world, n, broken)(fresh, []).catch(() => undefined);
    await expect(deployer(world, Infinity, broken)(fresh, [])).rejects.toThrow('1.0.0 serves on as blue');
    expect(serving(world)).toEqual([['blue 1'], ['blue 100']]);
    expect(world.gaps).toBe(0);
    expect(promoted(world)).toEqual(['flights-api 1.0.0 promoted']);
    const back = world.entries.filter(({ action }) => action === 'release.rolled-back');
    expect(new Set(back.map(({ details }) => details['release'])).size, 'told of one release').toBe(1);
    rmSync(world.stateDir, { recursive: true });
  },
);

it('a version that has a record and never ran is not written down as promoted', async () => {
  const world = await newWorld();
  createDeploymentStore(world.stateDir).save({
    ...begun,
    candidate: fresh,
    primary: old,
    slots: { candidate: 'green', primary: 'blue' },
    phase: 'starting',
  });
  world.slots.clear();
  world.slots.set('green', recordOf('green', fresh.digest ?? ''));
  world.silent.add('green');
  await deployer(world, Infinity)(third, []);
  expect(promoted(world)).toEqual(['flights-api 1.0.0 promoted', 'flights-api 3.0.0 promoted']);
  rmSync(world.stateDir, { recursive: true });
});
