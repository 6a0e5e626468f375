/**
 * Level shift: a level that lasts is the new normal.
 *
 * in: the run of values outside → out: is it to be learned?
 *
 * Rule: a better level after 20 s, a worse one after 60 s; a worse level of a symptom never, because users do not get used
 * to errors.
 * When it misleads: a fault that only lowers the traffic is normal after a minute.
 *
 *   // the model starts late: all risks degraded at first, none from second 30 on → 0 is learned at second 50
 */
import type { Signal } from '../signals.js';
import type { WatchMemory } from './watch-memory.js';

const BETTER_LEVEL_MS = 20_000;
const WORSE_LEVEL_MS = 60_000;

export function isNewLevel(signal: Signal, { run }: WatchMemory, at: number): boolean {
  const lastedMs = at - (run.values[0]?.at ?? at);
  if (run.side === 'better') return lastedMs >= BETTER_LEVEL_MS;
  return run.side === 'worse' && signal.kind !== 'symptom' && lastedMs >= WORSE_LEVEL_MS;
}

/** Learns the run and forgets what was before. */
export function takeNewLevel(memory: WatchMemory): void {
  memory.learned = memory.run.values.map(({ value }) => value);
  memory.run = { side: 'inside', values: [] };
  memory.worse = [];
}
