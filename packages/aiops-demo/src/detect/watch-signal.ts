/**
 * Watches one signal: what is normal here, and is this value away from it?
 *
 * in: one sample, what was learned before → out: Detection
 *
 * Rule: learn for 20 s; then a value is outside when its robust z (robust-z.ts) over the trailing window is at least 6 and
 * its distance at least the signal's floor. Outside in the bad direction for k of n (persistence.ts) is an anomaly; three
 * values back inside end it. Only values inside are learned, and levels that last (level-shift.ts).
 * When it misleads: a slow creep is learned as it comes; a fault that is there from the first second is normal.
 * No look-ahead: a verdict uses the sample and those before it. Late and duplicate samples change nothing.
 * This is the live detector: it knows what is bad, what matters and when it is over. For what is new in any series, see series-detector.ts.
 * Source: the z limit: 30 signals judged 43,200 times a day need far more than the usual 3.5 (Iglewicz and Hoaglin 1993).
 *
 *   // a signal that was 0.004 s for a minute, and now is 0.6 s in every sample:
 *   // { state: 'anomalous', because: 'expected 4 ms, seen 600 ms, 97 times its usual spread, since …' }
 */
import { inUnit } from '../in-unit.js';
import type { Signal, SignalSample } from '../signals.js';
import { anomalyOf } from './anomaly-of.js';
import type { Detection } from './anomaly.js';
import { isNewLevel, takeNewLevel } from './level-shift.js';
import type { Sampling } from './persistence.js';
import { robustZ } from './robust-z.js';
import { WARM_UP_VALUES, follow, learn } from './watch-memory.js';
import type { Side, WatchMemory } from './watch-memory.js';

const WARM_UP_MS = 20_000;
const Z_LIMIT = 6;
/** A pause after which a service has probably restarted; what it does first says little. */
const GAP_MS = 20_000;
/** An anomaly without any value for so long is over: nobody can say that it goes on. */
const NO_VALUE_MS = 10_000;
/** Samples come seconds late, not minutes: this far back is another clock. */
const CLOCK_SET_BACK_MS = 60_000;

export function watchSignal(
  signal: Signal,
  sample: SignalSample,
  memory: WatchMemory,
  sampling: Sampling,
): Detection {
  if (memory.last !== null && isLate(sample.at, memory)) return memory.last;
  memory.lastAt = sample.at;
  const judged =
    sample.value === null || !Number.isFinite(sample.value)
      ? withoutValue(signal, sample, memory)
      : judge(signal, sample.at, sample.value, memory, sampling);
  memory.last = judged;
  return judged;
}

/** Late or again. A sample of long ago means that the clock was set back: then time goes on from there. */
function isLate(at: number, memory: WatchMemory): boolean {
  if (at >= memory.lastAt - CLOCK_SET_BACK_MS) return at <= memory.lastAt;
  const hasLearned = memory.learnUntil !== null && memory.learnUntil <= memory.lastAt;
  memory.learnUntil = hasLearned ? at : null;
  memory.lastValueAt = null;
  memory.run = { side: 'inside', values: [] };
  return false;
}

function withoutValue(
  signal: Signal,
  { at, because = 'no value' }: SignalSample,
  memory: WatchMemory,
): Detection {
  const before = memory.last?.anomaly ?? null;
  const isStale = memory.lastValueAt === null || at - memory.lastValueAt >= NO_VALUE_MS;
  if (isStale) memory.worse = [];
  const anomaly = isStale ? null : before;
  const state = anomaly?.confirmed ? 'anomalous' : memory.learned.length === 0 ? 'learning' : 'normal';
  return { signal, at, value: null, state, because: `no value: ${because}`, anomaly };
}

function judge(
  signal: Signal,
  at: number,
  value: number,
  memory: WatchMemory,
  sampling: Sampling,
): Detection {
  const isBack = memory.lastValueAt !== null && at - memory.lastValueAt >= GAP_MS;
  if (memory.learnUntil === null || isBack) {
    memory.learnUntil = at + WARM_UP_MS;
    // What a service does first after a gap is not learned over what was known of it.
    memory.isSettling = memory.learned.length >= WARM_UP_VALUES;
  }
  memory.lastValueAt = at;
  if (at < memory.learnUntil || memory.learned.length < WARM_UP_VALUES) {
    if (!memory.isSettling) learn(memory, value);
    const left = Math.max(0, memory.learnUntil - at) / 1_000;
    const because = `learning what is normal, ${Math.ceil(left)} s to go`;
    return { signal, at, value, state: 'learning', because, anomaly: null };
  }
  const level = robustZ(memory.learned, value);
  const side = sideOf(signal, value, level);
  follow(memory, side, at, value);
  if (isNewLevel(signal, memory, at)) {
    takeNewLevel(memory);
    const because = `${inUnit(value, signal.unit)} has lasted and is taken as the new normal`;
    return { signal, at, value, state: 'normal', because, anomaly: null };
  }

  const anomaly = anomalyOf(signal, value, level, memory, sampling);
  if (side === 'inside' && anomaly === null) learn(memory, value);
  if (anomaly?.confirmed) return { signal, at, value, state: 'anomalous', because: anomaly.because, anomaly };
  const because = `${inUnit(value, signal.unit)}, expected about ${inUnit(level.expected, signal.unit)}`;
  return { signal, at, value, state: 'normal', because, anomaly };
}

function sideOf(signal: Signal, value: number, { expected, z }: { expected: number; z: number }): Side {
  const distance = value - expected;
  if (Math.abs(distance) < signal.floor.change || Math.abs(z) < Z_LIMIT) return 'inside';
  return distance > 0 === (signal.bad === 'up') ? 'worse' : 'better';
}
