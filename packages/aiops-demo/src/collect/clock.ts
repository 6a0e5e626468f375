/**
 * Shell: asks a source once every interval, and hands on what it said.
 *
 * Rounds never overlap. A round that takes too long makes the next ones fall out, it does not pile them up; the
 * following rounds stay on the same beat.
 */
import type { SignalSample } from '../signals.js';
import type { SignalSource } from './answers.js';

export interface CollectingOptions {
  source: SignalSource;
  everyMs: number;
  onSamples: (samples: SignalSample[]) => void | Promise<void>;
  /** Told when `onSamples` fails; collecting goes on. */
  onFailure: (error: unknown) => void;
}

/** Starts at once. `stop` ends after the round that is running. */
export function startCollecting(options: CollectingOptions): { stop: () => Promise<void> } {
  const { source, everyMs, onSamples, onFailure } = options;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  // The beat is on a clock that only goes forward; the samples carry the time of day.
  let planned = performance.now();
  let running = round();

  async function round(): Promise<void> {
    try {
      await onSamples(await source.sample(Date.now()));
    } catch (error) {
      onFailure(error);
    }
    if (stopped) return;
    // A timer may fire a little early; that is not late.
    const lateMs = Math.max(0, performance.now() - planned);
    planned += (Math.floor(lateMs / everyMs) + 1) * everyMs;
    timer = setTimeout(() => {
      running = round();
    }, planned - performance.now());
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
