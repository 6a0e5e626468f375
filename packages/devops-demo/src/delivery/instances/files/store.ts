/** Records of instances on disk: what should run in a slot, and who keeps it running. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { keeperFile, keeperSchema, recordFile, recordSchema } from '../../instances.js';
import type { InstanceRecord, Keeper, Slot } from '../../instances.js';
import { readJson } from '../../json-file/store.js';

export function recordIn(stateDir: string, slot: Slot): InstanceRecord | undefined {
  const read = recordSchema.safeParse(readJson(join(stateDir, recordFile(slot))));
  return read.success ? read.data : undefined;
}

export function keeperIn(stateDir: string, slot: Slot): Keeper | undefined {
  const read = keeperSchema.safeParse(readJson(join(stateDir, keeperFile(slot))));
  return read.success ? read.data : undefined;
}

export function removeRecord(stateDir: string, file: string): void {
  rmSync(join(stateDir, file), { force: true });
}
