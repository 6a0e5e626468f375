/**
 * From a value outside to an anomaly that says why: expected, seen, how unusual, since when.
 *
 * in: the value, its level, the sides of the last values → out: Anomaly, or null when there is none
 *
 * Rule: it begins with the first value outside on the bad side, is confirmed by k of n (persistence.ts), and ends with the
 * third value in a row that is not. One value inside changes nothing.
 */
import { inUnit } from '../in-unit.js';
import type { Signal } from '../signals.js';
import type { Anomaly } from './anomaly.js';
import { persistenceOf, persists } from './persistence.js';
import type { Sampling } from './persistence.js';
import type { WatchMemory } from './watch-memory.js';

const BACK_INSIDE_VALUES = 3;

export function anomalyOf(
  signal: Signal,
  value: number,
  { expected, z }: { expected: number; z: number },
  memory: WatchMemory,
  sampling: Sampling,
): Anomaly | null {
  const before = memory.last?.anomaly ?? null;
  const isBackInside = !memory.worse.slice(-BACK_INSIDE_VALUES).includes(true);
  if (isBackInside) return null;
  if (memory.worse.at(-1) === false) return before;

  const isLasting = persists(memory.worse, persistenceOf(signal.query.kind, sampling));
  const since = before?.since ?? memory.lastAt;
  const unusual = Number.isFinite(z) ? Math.abs(z) : null;
  return {
    signalId: signal.id,
    title: signal.title,
    service: signal.service,
    kind: signal.kind,
    since,
    expected,
    seen: value,
    unusual,
    matters: Math.abs(value - expected) / signal.floor.change,
    confirmed: before?.confirmed === true || isLasting,
    because: inWords(signal, value, expected, unusual, since),
  };
}

function inWords(
  signal: Signal,
  value: number,
  expected: number,
  unusual: number | null,
  since: number,
): string {
  const spreads =
    unusual === null ? 'it never varied before' : `${Math.round(unusual)} times its usual spread`;
  const [expectedText, seenText] = [inUnit(expected, signal.unit), inUnit(value, signal.unit)];
  return `expected ${expectedText}, seen ${seenText}, ${spreads}, since ${new Date(since).toISOString()}`;
}
