/** Limits: where a resource is used up, by the unit of its saturation signal. */
import type { Signal } from '../signals.js';

export interface Limit {
  /** In the signal's unit. */
  readonly value: number;
  readonly because: string;
}

const LIMITS: Partial<Record<Signal['unit'], Limit>> = {
  bytes: { value: 512e6, because: 'one service would take half of the 1 GB that the whole system may use' },
  s: { value: 1, because: 'health probes give up after 1 s, the default of Kubernetes' },
  ratio: { value: 1, because: 'all of it is in use' },
};

/** Undefined for what is no resource. */
export function limitOf({ kind, unit }: Signal): Limit | undefined {
  return kind === 'saturation' ? LIMITS[unit] : undefined;
}
