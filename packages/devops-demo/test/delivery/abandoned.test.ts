/** A release that nobody drives any more: what is said of it, and what whoever starts the gateway does about it. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shares } from '../../src/commands/status/shares.js';
import type { Backend } from '../../src/delivery/gateway.js';
import { OWNER_FILE } from '../../src/delivery/instances.js';
import type { InstanceRecord, Slot } from '../../src/delivery/instances.js';
import { claimFolder, ownerIn } from '../../src/delivery/instances/claim/store.js';
import type { Instances } from '../../src/delivery/instances/process.js';
import { writeJson } from '../../src/delivery/json-file/store.js';
import type { Release } from '../../src/delivery/release.js';
import { released } from '../../src/delivery/release/stages.js';
import { createReleaseStore, lockController, releaseIn } from '../../src/delivery/release/store.js';
import { endUnfinished } from '../../src/delivery/release/unfinished.js';
import { goesOn } from '../../src/delivery/release/unfinished/process.js';
import { shiftTraffic } from '../../src/delivery/shift-traffic.js';
import { begun, observed } from './releases.js';

const NOW = '2026-07-01T10:01:00.000Z';
const observing: Release = { ...begun, phase: 'observing', because: 'at 5 %' };
const URLS = { blue: 'http://127.0.0.1:4001', green: 'http://127.0.0.1:4002' };
const all = (name: Slot): Backend[] => [{ name, url: URLS[name], weight: 100 }];
const lent: Backend[] = [
  { name: 'blue', url: URLS.blue, weight: 95 },
  { name: 'green', url: URLS.green, weight: 5 },
];

let stateDir = '';
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'triops-abandoned-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

describe('what is said', () => {
  it('of a release without a controller: that it is gone, and what to do', () => {
    expect(released(observing, true)).toEqual({
      state: 'failed',
      because: '0.2.0 after 0.1.0, observing: the controller is gone: devops release --resume',
    });
    expect(shiftTraffic(observing, true)).toEqual({
      state: 'failed',
      because:
        '0.2.0 was lent 5 %, 0.1.0 gets them all again; the controller is gone: devops release --resume',
    });
    expect(released({ ...begun, phase: 'promoted' }, true).state, 'an end is an end').toBe('passed');
  });

  it.each<[string, Backend[], Release | undefined, boolean, string, string]>([
    ['no release', all('blue'), undefined, false, 'passed', 'blue 100 %'],
    ['one that has ended', all('blue'), { ...begun, phase: 'promoted' }, false, 'passed', 'blue 100 %'],
    ['one that runs', lent, observing, false, 'running', 'blue 95 %, green 5 %'],
    [
      'one that shifts just now',
      all('blue'),
      { ...begun, phase: 'shifting' },
      false,
      'running',
      'blue 100 %; the release says blue 95 %, green 5 %',
    ],
    [
      'one whose controller is gone',
      all('blue'),
      observing,
      true,
      'failed',
      'blue 100 %; the release says blue 95 %, green 5 %; the controller is gone: devops release --resume',
    ],
  ])('of the shares with %s', (_what, backends, release, abandoned, state, because) => {
    expect(shares(backends, { release, abandoned })).toEqual({ state, because });
  });

  it('depends on whether a controller lives, not on what is written down', () => {
    const path = join(stateDir, 'release.json');
    expect(releaseIn(path)).toEqual({ release: undefined, abandoned: false });
    createReleaseStore(stateDir).save(observing);
    const unlock = lockController(stateDir);
    expect(releaseIn(path).abandoned).toBe(false);
    unlock();
    expect(releaseIn(path).abandoned).toBe(true);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(stateDir, 'controller.lock'), `${pid}@${hostname()} killed`);
    expect(releaseIn(path).abandoned, 'a lock that was left').toBe(true);
    createReleaseStore(stateDir).save({ ...begun, phase: 'stopped' });
    expect(releaseIn(path).abandoned).toBe(false);
  });
});

describe('the end of what was left', () => {
  const failing: Release = {
    ...begun,
    phase: 'rolling-back',
    because: 'at 5 %: too slow',
    judged: (() => {
      const event = observed('fail');
      if (event.kind !== 'observed') throw new Error('expected a window');
      return [{ weight: 5, at: NOW, verdict: event.run.verdict, window: event.window }];
    })(),
  };
  it.each<[Release, Slot | undefined, string, Slot]>([
    [observing, 'blue', 'stopped', 'green'],
    [failing, 'blue', 'rolled-back', 'green'],
    [{ ...failing, phase: 'stopping' }, 'blue', 'rolled-back', 'green'],
    [{ ...begun, phase: 'promoting' }, 'blue', 'stopped', 'green'],
    [{ ...begun, phase: 'promoting' }, undefined, 'stopped', 'green'],
    [{ ...begun, phase: 'promoting' }, 'green', 'promoted', 'blue'],
    [{ ...begun, phase: 'retiring' }, 'green', 'promoted', 'blue'],
  ])('%#: by its phase and who serves', (left, serving, phase, free) => {
    const ended = endUnfinished(left, NOW, serving);
    expect([ended?.release.phase, ended?.free]).toEqual([phase, free]);
  });

  it('keeps the reason of a rollback', () => {
    expect(endUnfinished(failing, NOW, 'blue')?.release.because).toBe('at 5 %: too slow');
  });
});

describe('a gateway that is started again', () => {
  function place(kept: Backend[], running: readonly Slot[]) {
    let backends = kept;
    const runs = new Set(running);
    const gateway = {
      backends: async () => Promise.resolve(backends),
      setBackends: async (next: readonly Backend[]) => Promise.resolve(void (backends = [...next])),
    };
    const record = (slot: Slot): InstanceRecord | undefined =>
      runs.has(slot)
        ? { ...begun.primary, digest: '', id: slot, slot, url: URLS[slot], port: 0, logFile: '' }
        : undefined;
    const instances: Instances = {
      record,
      isReady: async (slot) => Promise.resolve(runs.has(slot)),
      start: async () => Promise.reject(new Error('not wanted')),
      restarts: () => 0,
      stop: async (slot) => Promise.resolve(void runs.delete(slot)),
    };
    const records = { record: async () => Promise.resolve([]) };
    return {
      goesOn: async () => goesOn({ stateDir, gateway, instances, records }),
      now: () => ({ runs: [...runs], backends, phase: createReleaseStore(stateDir).current()?.phase }),
    };
  }

  it('stops the canary of a controller that is gone', async () => {
    createReleaseStore(stateDir).save(observing);
    const { goesOn, now } = place(all('blue'), ['blue', 'green']);
    expect(await goesOn()).toBe(true);
    expect(now()).toEqual({ runs: ['blue'], backends: all('blue'), phase: 'stopped' });
  });

  it('stops the old version when the new one had everything already', async () => {
    createReleaseStore(stateDir).save({ ...begun, phase: 'promoting' });
    const { goesOn, now } = place(all('green'), ['blue', 'green']);
    expect(await goesOn()).toBe(true);
    expect(now()).toEqual({ runs: ['green'], backends: all('green'), phase: 'promoted' });
  });

  it('leaves a release to the controller that is at it', async () => {
    createReleaseStore(stateDir).save(observing);
    const unlock = lockController(stateDir);
    const { goesOn, now } = place(lent, ['blue', 'green']);
    expect(await goesOn()).toBe(true);
    unlock();
    expect(now()).toEqual({ runs: ['blue', 'green'], backends: lent, phase: 'observing' });
  });

  it('does not go on with a version that does not run', async () => {
    createReleaseStore(stateDir).save(observing);
    const { goesOn, now } = place(all('blue'), []);
    expect(await goesOn()).toBe(false);
    expect(now().phase).toBe('observing');
  });
});

describe('the folder of a gateway', () => {
  const owner = () => ownerIn(stateDir);

  it('has one owner at a time, who is named while it is there', () => {
    const claim = claimFolder(stateDir);
    claim.own({ url: 'http://127.0.0.1:1', adminUrl: 'http://127.0.0.1:2' });
    expect(owner()?.pid).toBe(process.pid);
    expect(() => claimFolder(stateDir)).toThrow(
      `process ${process.pid} has the folder ${stateDir}, serves on http://127.0.0.1:1 and is steered on http://127.0.0.1:2`,
    );
    claim.release();
    expect(owner()).toBeUndefined();
    claimFolder(stateDir).release();
  });

  it('keeps the name of an owner that was killed until the next one serves, for its versions end by it', () => {
    const killed = { pid: spawnSync(process.execPath, ['-e', '']).pid };
    writeJson(join(stateDir, OWNER_FILE), killed);
    claimFolder(stateDir).release();
    expect(owner()).toEqual(killed);
  });
});
