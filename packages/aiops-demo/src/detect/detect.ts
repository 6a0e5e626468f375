/**
 * Detect: what is unusual right now, signal by signal and in the logs?
 *
 * in: SignalSample[] and ParsedLog[] → out: Detected
 *
 * Rule: each signal by itself (watch-signal.ts), new WARN and ERROR templates beside (novelty.ts). What is unusual is
 * not yet an incident: that is for correlate to say.
 * When it misleads: each signal is judged alone, so a broken relation between two normal signals goes unseen.
 *
 *   detect(samples, [], now, memory) // { detections: [one for each signal], started: [], ended: [], novelties: [] }
 */
import type { ParsedLog } from '../parse/parse.js';
import type { Signal, SignalSample } from '../signals.js';
import type { Anomaly, Detection } from './anomaly.js';
import { findNovelties } from './novelty.js';
import type { Novelty, NoveltyMemory } from './novelty.js';
import type { Sampling } from './persistence.js';
import { createWatchMemory } from './watch-memory.js';
import type { WatchMemory } from './watch-memory.js';
import { watchSignal } from './watch-signal.js';

export interface Detected {
  readonly detections: readonly Detection[];
  /** Confirmed since the call before. */
  readonly started: readonly Anomaly[];
  /** Over since the call before. */
  readonly ended: readonly Anomaly[];
  readonly novelties: readonly Novelty[];
}

export interface DetectMemory {
  readonly signals: readonly Signal[];
  readonly sampling: Sampling;
  readonly watches: Map<string, WatchMemory>;
  readonly novelty: NoveltyMemory;
}

export function createDetectMemory(signals: readonly Signal[], sampling: Sampling): DetectMemory {
  const watches = new Map(signals.map(({ id }) => [id, createWatchMemory()]));
  return { signals, sampling, watches, novelty: new Map() };
}

export function detect(
  samples: readonly SignalSample[],
  logs: readonly ParsedLog[],
  now: number,
  memory: DetectMemory,
): Detected {
  const bySignal = new Map(samples.map((sample) => [sample.signalId, sample]));
  const started: Anomaly[] = [];
  const ended: Anomaly[] = [];
  const detections = memory.signals.map((signal) => {
    const watch = memory.watches.get(signal.id) ?? createWatchMemory();
    memory.watches.set(signal.id, watch);
    const before = watch.last?.anomaly ?? null;
    const sample = bySignal.get(signal.id) ?? notCollected(signal, now);
    const detection = watchSignal(signal, sample, watch, memory.sampling);
    const wasOn = before?.confirmed === true;
    const isOn = detection.anomaly?.confirmed === true;
    if (isOn && !wasOn && detection.anomaly !== null) started.push(detection.anomaly);
    if (wasOn && !isOn) ended.push(before);
    return detection;
  });
  return { detections, started, ended, novelties: findNovelties(logs, now, memory.novelty) };
}

function notCollected({ id }: Signal, now: number): SignalSample {
  return { signalId: id, at: now, value: null, because: 'not collected this time' };
}
