/** What the detectors find: the type that travels from detect to correlate. */
import type { Signal } from '../signals.js';

/** A signal away from what is usual, in its bad direction. */
export interface Anomaly {
  readonly signalId: string;
  /** The signal's title, for people. */
  readonly title: string;
  readonly service: string;
  readonly kind: Signal['kind'];
  /** Milliseconds since 1970 of the first value outside. */
  readonly since: number;
  readonly expected: number;
  readonly seen: number;
  /** Distance from expected in usual spreads (robust z); null when it never varied before. */
  readonly unusual: number | null;
  /** Distance from expected in floors: how often over what matters to anybody. At least 1. */
  readonly matters: number;
  /** Has it lasted long enough not to be a blip? */
  readonly confirmed: boolean;
  /** Expected, seen, how unusual, since when, in one sentence. */
  readonly because: string;
}

/** One signal as it stands after a sample. */
export interface Detection {
  readonly signal: Signal;
  readonly at: number;
  readonly value: number | null;
  readonly state: 'learning' | 'normal' | 'anomalous';
  readonly because: string;
  /** There from the first value outside, before it is confirmed. */
  readonly anomaly: Anomaly | null;
}
