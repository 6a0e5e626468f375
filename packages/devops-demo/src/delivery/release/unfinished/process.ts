/**
 * Goes on: a gateway that was killed is started again while the versions behind it still run.
 *
 * in: the gateway with what it remembers, the instances → out: whether the version that had everything goes on serving
 *
 * Rule: whoever starts the gateway answers for what is behind it. A release whose controller lives is left to that; one whose controller is
 * gone gets its end first: everybody is sent to the version that stays, and the other one is stopped.
 */
import { handOver } from '../../deployment/hand-over/process.js';
import type { Gateway } from '../../gateway.js';
import { SLOTS } from '../../instances.js';
import type { Slot } from '../../instances.js';
import type { Instances } from '../../instances/process.js';
import type { ReleaseRecords } from '../records/store.js';
import { controllerWorks, lockController } from '../store.js';
import { endLeft } from './store.js';

export interface Found {
  readonly stateDir: string;
  readonly gateway: Gateway;
  readonly instances: Instances;
  readonly records: Pick<ReleaseRecords, 'record'>;
}

export async function goesOn({ stateDir, gateway, instances, records }: Found): Promise<boolean> {
  const serving = await servingSlot(gateway, instances);
  if (serving === undefined) return false;
  const unlock = lockUnlessAtWork(stateDir);
  if (unlock === undefined) return true;
  try {
    await endLeft(stateDir, records, async (freed) => handOver({ gateway, instances }, freed), serving);
    return (await servingSlot(gateway, instances)) !== undefined;
  } finally {
    unlock();
  }
}

function lockUnlessAtWork(stateDir: string): (() => void) | undefined {
  return controllerWorks(stateDir) ? undefined : lockController(stateDir);
}

/** Who gets most, when that one runs. */
async function servingSlot(gateway: Gateway, instances: Instances): Promise<Slot | undefined> {
  const [first] = [...(await gateway.backends())].sort((a, b) => b.weight - a.weight);
  const slot = SLOTS.find((name) => name === first?.name && instances.record(name)?.url === first.url);
  return slot !== undefined && (await instances.isReady(slot)) ? slot : undefined;
}
