/** Watcher: looks at the system every two seconds, tells what changed, and keeps what the summary needs. */
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '../supervise/memory.js';
import type { PartName } from '../system.js';
import { createModelDays } from './model-days.js';
import { narrate } from './narrate.js';
import type { Line } from './narrate.js';
import { observe } from './observe.js';
import type { Observation } from './observation.js';
import { createTally } from './tally.js';
import type { RunFacts } from './summary.js';

export interface Watcher {
  /** Resolves at the first look in which a flight has reached the board. */
  readonly flowing: Promise<void>;
  /** Resolves at the first look at which the replay has delivered its last event. */
  readonly finished: Promise<void>;
  facts(): Pick<RunFacts, 'last' | 'totals' | 'modelDays' | 'memoryMb' | 'peakMemoryMb'>;
  /** One last look, then no more. */
  stop(): Promise<void>;
}

export interface WatcherOptions {
  readonly urlOf: (part: PartName) => string;
  /** Process ids by part, this process included. */
  readonly pids: () => Map<string, number>;
  readonly onLine: (line: Line) => void;
}

const LOOK_EVERY_MS = 2_000;
/** Departures are shown as a sample: one line in so many looks. */
const DEPARTURE_EVERY_LOOKS = 3;

export function startWatcher({ urlOf, pids, onLine }: WatcherOptions): Watcher {
  const stopping = new AbortController();
  const tally = createTally();
  const modelDays = createModelDays();
  const perPart = new Map<string, number>();
  let last: Observation = { at: Date.now(), counts: {} };
  let peakMb = 0;
  let announceFlow: () => void = () => undefined;
  const flowing = new Promise<void>((resolve) => (announceFlow = resolve));
  let announceEnd: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => (announceEnd = resolve));

  async function look(number: number): Promise<void> {
    const seen = await observe(urlOf, Date.now());
    for (const line of narrate(last, seen)) {
      if (line.kind !== 'departure' || number % DEPARTURE_EVERY_LOOKS === 0) onLine(line);
    }
    // A silent service has not forgotten what it said: keep its last words for the next comparison.
    last = { ...last, ...seen };
    tally.add(seen);
    modelDays.add(seen);
    measureMemory();
    if ((seen.replay?.flights ?? 0) > 0) announceFlow();
    if (seen.replay?.state === 'finished') announceEnd();
  }

  function measureMemory(): void {
    const now = memoryOf(pids());
    peakMb = Math.max(
      peakMb,
      [...now.values()].reduce((sum, mb) => sum + mb, 0),
    );
    for (const [part, mb] of now) perPart.set(part, Math.max(perPart.get(part) ?? 0, mb));
  }

  async function keepLooking(): Promise<void> {
    for (let number = 0; !stopping.signal.aborted; number++) {
      await look(number);
      await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await look(1);
  }

  const watching = keepLooking();
  return {
    flowing,
    finished,
    facts: () => ({
      last,
      totals: tally.totals(),
      modelDays: modelDays.rows(),
      memoryMb: perPart,
      peakMemoryMb: peakMb,
    }),
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
