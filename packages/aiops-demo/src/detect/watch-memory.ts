/** What is remembered of one signal: what was learned, and what came last. All of it bounded. */
import type { Detection } from './anomaly.js';

export const WARM_UP_VALUES = 8;
/** Five minutes at one value every 2 s: long enough for a steady median, short enough to follow the hour. */
const WINDOW_VALUES = 150;

/** Where a value lies: within what is usual, or outside on the good or the bad side. */
export type Side = 'inside' | 'better' | 'worse';

export interface WatchMemory {
  learned: number[];
  /** The latest run of values outside, all on one side. */
  run: { side: Side; values: { at: number; value: number }[] };
  /** For the last values: was it outside on the bad side? */
  worse: boolean[];
  /** Verdicts wait until then; null before the first value. */
  learnUntil: number | null;
  isSettling: boolean;
  lastAt: number;
  lastValueAt: number | null;
  last: Detection | null;
}

export function createWatchMemory(): WatchMemory {
  const run = { side: 'inside' as Side, values: [] };
  return {
    learned: [],
    run,
    worse: [],
    learnUntil: null,
    isSettling: false,
    lastAt: -Infinity,
    lastValueAt: null,
    last: null,
  };
}

/** Begins with a level known from before, so that a restart in the middle of a fault does not learn the fault. */
export function knowLevel(memory: WatchMemory, expected: number): void {
  memory.learned = Array.from({ length: WARM_UP_VALUES }, () => expected);
  memory.learnUntil = -Infinity;
}

/** Notes on which side the newest value is. */
export function follow(memory: WatchMemory, side: Side, at: number, value: number): void {
  if (memory.run.side !== side) memory.run = { side, values: [] };
  if (side !== 'inside') memory.run.values.push({ at, value });
  if (memory.run.values.length > WINDOW_VALUES) memory.run.values.splice(1, 1);
  memory.worse.push(side === 'worse');
  if (memory.worse.length > WINDOW_VALUES) memory.worse.shift();
}

export function learn(memory: WatchMemory, value: number): void {
  memory.learned.push(value);
  if (memory.learned.length > WINDOW_VALUES) memory.learned.shift();
}
