/**
 * Hand over: a slot is stopped after everybody was sent to the other one.
 *
 * in: the slot that is to be free → out: the gateway sends everything to the other slot, and nothing runs in this one
 *
 * Rule: whoever was killed may have left all the traffic where it is not to stay. A gateway that is not told finds out by its failed checks,
 * seconds later, and until then clients get what a stopped slot answers. With no version in the other slot there is nobody to send them to.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Gateway } from '../../gateway.js';
import { otherSlot } from '../../instances.js';
import type { Slot } from '../../instances.js';
import type { Instances } from '../../instances/process.js';

const GATEWAY_PATIENCE_MS = 60_000;
const POLL_MS = 250;

export async function handOver(
  { gateway, instances }: { gateway: Gateway; instances: Pick<Instances, 'record' | 'stop'> },
  freed: Slot,
): Promise<void> {
  const staying = instances.record(otherSlot(freed));
  if (staying !== undefined) await untilTold(gateway, staying.slot, staying.url);
  await instances.stop(freed);
}

/** The gateway may start at the same time. */
export async function untilTold(gateway: Gateway, name: string, url: string): Promise<void> {
  const until = Date.now() + GATEWAY_PATIENCE_MS;
  for (;;) {
    try {
      await gateway.setBackends([{ name, url, weight: 100 }]);
      return;
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(POLL_MS);
    }
  }
}
