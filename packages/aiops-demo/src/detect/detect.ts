/**
 * Detect: what is unusual right now, signal by signal and in the logs?
 *
 * in: SignalSample[] and ParsedLog[] → out: Detected
 *
 * Rule: each signal by itself (watch-signal.ts); beside it, as evidence, the relations between the signals of a service
 * (watch-relations.ts) and new WARN and ERROR templates (novelty.ts). What is unusual is not yet an incident: that is for
 * correlate to say.
 * When it misleads: relations between the signals of two services go unseen.
 * Source: what is watched are the four golden signals (Google, Site Reliability Engineering, 2016, chapter 6); each test has its own in its file.
 * For any other series, with a history and without a known bad direction, there is series-detector.ts.
 *
 *   detect(samples, [], now, memory) // { detections: [one for each signal], started: [], ended: [], relations: [], novelties: [] }
 */
import type { ParsedLog } from '../parse/parse.js';
import type { Signal, SignalSample } from '../signals.js';
import type { Anomaly, Detection } from './anomaly.js';
import { findNovelties } from './novelty.js';
import type { Novelty, NoveltyMemory } from './novelty.js';
import type { Sampling } from './persistence.js';
import { createRelationMemory, watchRelations } from './watch-relations.js';
import type { RelationMemory, ServiceRelation } from './watch-relations.js';
import { createWatchMemory } from './watch-memory.js';
import type { WatchMemory } from './watch-memory.js';
import { watchSignal } from './watch-signal.js';

export interface Detected {
  readonly detections: readonly Detection[];
  /** Confirmed since the call before. */
  readonly started: readonly Anomaly[];
  /** Over since the call before. */
  readonly ended: readonly Anomaly[];
  /** Signals that no longer fit the others of their service. */
  readonly relations: readonly ServiceRelation[];
  readonly novelties: readonly Novelty[];
}

export interface DetectMemory {
  readonly signals: readonly Signal[];
  readonly sampling: Sampling;
  readonly watches: Map<string, WatchMemory>;
  readonly relations: RelationMemory;
  readonly novelty: NoveltyMemory;
  /** Signals that have been above 0. */
  readonly begun: Set<string>;
}

export function createDetectMemory(signals: readonly Signal[], sampling: Sampling): DetectMemory {
  const watches = new Map(signals.map(({ id }) => [id, createWatchMemory()]));
  const relations = createRelationMemory(signals);
  return { signals, sampling, watches, relations, novelty: new Map(), begun: new Set() };
}

export function detect(
  samples: readonly SignalSample[],
  logs: readonly ParsedLog[],
  now: number,
  memory: DetectMemory,
): Detected {
  const bySignal = new Map(samples.map((sample) => [sample.signalId, sample]));
  for (const { signalId, value } of samples) if (value !== null && value > 0) memory.begun.add(signalId);
  const started: Anomaly[] = [];
  const ended: Anomaly[] = [];
  const detections = memory.signals.map((signal) => {
    const watch = memory.watches.get(signal.id) ?? createWatchMemory();
    memory.watches.set(signal.id, watch);
    const before = watch.last?.anomaly ?? null;
    const isAwaited = signal.after !== undefined && !memory.begun.has(signal.after);
    const sample = isAwaited ? notYet(signal, now) : (bySignal.get(signal.id) ?? notCollected(signal, now));
    const detection = watchSignal(signal, sample, watch, memory.sampling);
    const wasOn = before?.confirmed === true;
    const isOn = detection.anomaly?.confirmed === true;
    if (isOn && !wasOn && detection.anomaly !== null) started.push(detection.anomaly);
    if (wasOn && !isOn) ended.push(before);
    return detection;
  });
  const relations = watchRelations(bySignal, now, memory.relations);
  return { detections, started, ended, relations, novelties: findNovelties(logs, now, memory.novelty) };
}

function notCollected({ id }: Signal, now: number): SignalSample {
  return { signalId: id, at: now, value: null, because: 'not collected this time' };
}

function notYet({ id, after }: Signal, now: number): SignalSample {
  return { signalId: id, at: now, value: null, because: `judged once ${after} is above 0` };
}
