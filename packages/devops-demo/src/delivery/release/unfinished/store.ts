/** Gives a release that was under way when everything stopped its end, in the log and in the controller's state. */
import type { Slot } from '../../instances.js';
import type { ReleaseRecords } from '../records/store.js';
import { createReleaseStore } from '../store.js';
import { endUnfinished } from '../unfinished.js';

/**
 * @param free makes the slot free that is not to serve, where slots outlive what stopped
 * @param serving who has everything by now, where that is known
 */
export async function endLeft(
  stateDir: string,
  records: Pick<ReleaseRecords, 'record'>,
  free?: (slot: Slot) => Promise<void>,
  serving?: Slot,
): Promise<void> {
  const store = createReleaseStore(stateDir);
  const left = store.current();
  const ended = endUnfinished(left, new Date().toISOString(), serving);
  if (ended === undefined) return;
  await free?.(ended.free);
  await records.record(left, ended.release);
  store.save(ended.release);
}
