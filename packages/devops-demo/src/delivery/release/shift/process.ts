/**
 * Shift: tells the gateway how much each version gets, and says again and again that somebody judges.
 *
 * Rule: shared traffic is only lent. When the controller dies nobody renews the lease, and the old version has everything again.
 */
import type { Backend, Gateway } from '../../gateway.js';
import type { Lease } from '../../gateway/lease.js';
import type { Instances } from '../../instances/process.js';
import type { Release } from '../../release.js';
import { candidateWeight } from '../../shift-traffic.js';

/** After so long without the controller the old version has everything again. */
const LEASE_SECONDS = 15;
const RENEW_EVERY_MS = 3_000;

type Between = Pick<Release, 'slots' | 'primaryUrl'>;

export function shiftingTraffic(gateway: Gateway, instances: Instances) {
  async function shift({ slots, primaryUrl }: Between, weight: number): Promise<void> {
    await gateway.setBackends(await backendsAt({ slots, primaryUrl }, weight), leaseAt(slots, weight));
  }

  async function backendsAt({ slots, primaryUrl }: Between, weight: number): Promise<Backend[]> {
    const backends: Backend[] = [];
    if (weight < 100) backends.push({ name: slots.primary, url: primaryUrl, weight: 100 - weight });
    if (weight > 0) {
      const record = instances.record(slots.candidate);
      if (record === undefined || !(await instances.isReady(slots.candidate))) {
        throw new Error('the new version is not ready any more');
      }
      backends.push({ name: slots.candidate, url: record.url, weight });
    }
    return backends;
  }

  /** A gateway that does not hear the renewal for a while is no reason to stop. */
  async function whileRenewing<T>(release: Release, work: () => Promise<T>): Promise<T> {
    let renewed: Promise<void> = Promise.resolve();
    let isRenewing = false;
    const renewing = setInterval(() => {
      // A slow gateway is not asked twice at a time.
      if (isRenewing) return;
      isRenewing = true;
      renewed = shift(release, candidateWeight(release))
        .catch(() => undefined)
        .finally(() => {
          isRenewing = false;
        });
    }, RENEW_EVERY_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      // A late renewal must not undo what is decided next.
      await renewed;
    }
  }

  return { shift, whileRenewing };
}

function leaseAt(slots: Release['slots'], weight: number): Lease | undefined {
  return weight > 0 && weight < 100 ? { seconds: LEASE_SECONDS, fallback: slots.primary } : undefined;
}
