/**
 * Places for instances in containers: in each slot a keeper runs all the time (slot/main.ts). It starts what the slot's record names
 * and stops it when the record is gone, so that who releases needs no access to the engine, only to the folder.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Slot } from '../../instances.js';
import { recordFile } from '../../instances.js';
import { keeperIn, removeRecord } from '../files/store.js';
import type { Place } from '../process.js';

/** Longer than the keeper takes to end its version (end-child). */
const STOP_PATIENCE_MS = 20_000;
const POLL_MS = 100;

/** @param urls where each slot's version is reached */
export function residentKeepers(stateDir: string, urls: Readonly<Record<Slot, string>>): Place {
  return {
    async address(slot) {
      return Promise.resolve({ url: urls[slot], port: Number(new URL(urls[slot]).port) });
    },
    launch() {
      mkdirSync(join(stateDir, 'instances'), { recursive: true });
    },
    // A keeper that is gone takes its container with it, and the engine starts both again.
    runs: () => true,
    async end(keeper, slot) {
      removeRecord(stateDir, recordFile(slot));
      const stillThere = () => keeperIn(stateDir, slot)?.id === keeper.id;
      for (let waited = 0; waited < STOP_PATIENCE_MS && stillThere(); waited += POLL_MS) await sleep(POLL_MS);
    },
  };
}

/** `blue=http://flights-api:8081,green=http://flights-api-green:8081` */
export function slotUrls(text: string): Record<Slot, string> {
  const urls = Object.fromEntries(text.split(',').map((word) => word.trim().split('=') as [string, string]));
  const { blue, green } = urls;
  if (blue === undefined || green === undefined)
    throw new Error(`BOARD_SLOTS: expected blue=URL,green=URL, got ${text}`);
  return { blue, green };
}
