/** A controller dies while it promotes: the new version has all the traffic already, and the next start takes it away again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { handOver } from '../../src/delivery/deployment/hand-over/process.js';
import type { InstanceRecord, Slot } from '../../src/delivery/instances.js';
import { createReleaseStore } from '../../src/delivery/release/store.js';
import { endLeft } from '../../src/delivery/release/unfinished/store.js';
import { startBackend, startEmbedded } from './gateway/gateways.js';
import { begun } from './releases.js';

const closes: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

/** A slot that a compose file keeps: without a version it answers, but not what is asked for. */
async function startSlot(slot: Slot) {
  let isFree = false;
  const backend = await startBackend(slot, (_request, response) => {
    response.statusCode = isFree ? 404 : 200;
    response.end(slot);
  });
  closes.push(() => backend.close());
  const { url } = backend;
  const record = { ...begun.candidate, digest: '', id: slot, slot, url, port: 0, logFile: '' };
  return {
    url,
    record: (): InstanceRecord | undefined => (isFree ? undefined : record),
    stop: () => void (isFree = true),
  };
}

it('nobody who asks meanwhile gets anything but an answer', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'triops-hand-over-'));
  closes.push(() => rmSync(stateDir, { recursive: true }));
  const slots = { blue: await startSlot('blue'), green: await startSlot('green') };
  const started = await startEmbedded();
  closes.push(async () => started.close());
  createReleaseStore(stateDir).save({ ...begun, phase: 'promoting' });
  await started.gateway.setBackends([{ name: 'green', url: slots.green.url, weight: 100 }]);

  const answers: Record<string, number> = {};
  async function askOften(): Promise<void> {
    for (let asked = 0; asked < 50; asked++) {
      const response = await fetch(started.url);
      const answer = `${response.status} ${await response.text()}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  }

  await askOften();
  const instances = {
    record: (slot: Slot) => slots[slot].record(),
    stop: async (slot: Slot) => {
      slots[slot].stop();
      await askOften();
    },
  };
  const records = { record: async () => Promise.resolve([]) };
  await endLeft(stateDir, records, async (slot) => handOver({ ...started, instances }, slot));
  expect(answers).toEqual({ '200 green': 50, '200 blue': 50 });
  expect(createReleaseStore(stateDir).current()?.phase).toBe('stopped');
});
