/**
 * Lease: weights that end by themselves, the dead-man switch of a release.
 *
 * in: Backend[], Lease → out: the Backend[] that hold when nobody renewed it in time
 *
 * Rule: while two versions share the traffic the controller says again and again that it is there. When it was not heard for the length
 * of the lease, `fallback` gets everything: a canary whose judge died is not shown to anybody any more.
 * When it misleads: a controller that lives and is not heard looks dead. Its next word restores the shares; no request is lost by either.
 * Source: C. Gray and D. Cheriton, Leases: an efficient fault-tolerant mechanism, SOSP (1989).
 *
 *   afterLease([{ name: 'blue', url, weight: 95 }, { name: 'green', url, weight: 5 }], { seconds: 15, fallback: 'blue' })
 *   // [{ name: 'blue', url, weight: 100 }]
 */
import type { Backend } from '../gateway.js';

export interface Lease {
  readonly seconds: number;
  /** Name of the backend that gets everything at its end. */
  readonly fallback: string;
}

export function afterLease(backends: readonly Backend[], { fallback }: Lease): Backend[] {
  return backends.filter(({ name }) => name === fallback).map((backend) => ({ ...backend, weight: 100 }));
}

/** @returns what was expected, when it is not such. */
export function whatIsWrongWith(lease: Lease | undefined, backends: readonly Backend[]): string | undefined {
  if (lease === undefined) return undefined;
  if (!(lease.seconds > 0)) return `a lease of more than 0 seconds, got ${lease.seconds}`;
  const known = backends.some(({ name }) => name === lease.fallback);
  return known ? undefined : `a lease that falls back to one of the backends, got ${lease.fallback}`;
}
