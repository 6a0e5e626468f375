/**
 * Assess: can the telemetry be believed? What cannot is taken out before anybody judges the services by it.
 *
 * in: Collected, the log templates known so far → out: Assessed: samples and log lines to be judged, and a DataQualityReport
 *
 * Rule: seven checks, one file each: missing-scrapes, stale-targets, counter-resets, clock-skew, cardinality, log-floods, duplicates. A
 * sample that a finding masks has no value and says why, so no detector can call it an anomaly. A finding stays in the report for
 * 30 s after it was last seen.
 * When it misleads: what hides a fault of the telemetry can hide one of the service too; the report says what was not judged.
 * Source: data quality assessment, Batini et al., ACM Computing Surveys 41 (2009): completeness, timeliness, consistency.
 *
 *   assess(collected, templates, memory).report.findings
 *   // [{ kind: 'stale-target', source: 'model-server', since: …, because: 'it answers the very same text since …', … }]
 */
import type { Sampling } from '../detect/persistence.js';
import type { LogRecord } from '../log-record.js';
import type { LogTemplate } from '../parse/parse.js';
import type { Collected } from '../pipeline.js';
import type { Signal, SignalSample } from '../signals.js';
import { createCardinalityMemory, findSeriesExplosions, thinUniqueLines } from './cardinality.js';
import { correctClocks } from './clock-skew.js';
import type { SkewMemory } from './clock-skew.js';
import { findCounterResets } from './counter-resets.js';
import { createDuplicateMemory, dropDuplicates } from './duplicates.js';
import type { DataQualityFinding, DataQualityReport, Observation, Round } from './finding.js';
import { keepFindings, notIn } from './keep-findings.js';
import { createFloodMemory, spoiledByFlood, thinFloods } from './log-floods.js';
import { createScrapeMemory, findMissingScrapes } from './missing-scrapes.js';
import { findStaleTargets } from './stale-targets.js';
import type { StaleMemory } from './stale-targets.js';

export interface Assessed {
  readonly samples: readonly SignalSample[];
  readonly logs: readonly LogRecord[];
  readonly report: DataQualityReport;
  /** Findings since this evaluation, and those that are over since. */
  readonly started: readonly DataQualityFinding[];
  readonly ended: readonly DataQualityFinding[];
}

export interface QualityMemory {
  readonly signals: readonly Signal[];
  readonly sampling: Sampling;
  readonly scrapes: ReturnType<typeof createScrapeMemory>;
  readonly stale: StaleMemory;
  readonly skew: SkewMemory;
  readonly cardinality: ReturnType<typeof createCardinalityMemory>;
  readonly floods: ReturnType<typeof createFloodMemory>;
  readonly duplicates: ReturnType<typeof createDuplicateMemory>;
  findings: readonly DataQualityFinding[];
}

export function createQualityMemory(signals: readonly Signal[], sampling: Sampling): QualityMemory {
  return {
    signals,
    sampling,
    scrapes: createScrapeMemory(),
    stale: new Map(),
    skew: new Map(),
    cardinality: createCardinalityMemory(),
    floods: createFloodMemory(),
    duplicates: createDuplicateMemory(),
    findings: [],
  };
}

export function assess(
  { at, samples, logs, targets = [] }: Collected,
  templates: ReadonlyMap<string, LogTemplate>,
  memory: QualityMemory,
): Assessed {
  const { signals, sampling } = memory;
  const bySignal = new Map(samples.map((sample) => [sample.signalId, sample]));
  const round: Round = { at, samples: bySignal, logs, targets };
  const fresh = dropDuplicates(round, memory.duplicates);
  const kept = thinFloods({ ...round, logs: fresh.logs }, memory.floods);
  const few = thinUniqueLines(kept.logs, templates, memory.cardinality);
  const timed = correctClocks({ ...round, logs: few.logs }, memory.skew);
  const observations = [
    ...findMissingScrapes(round, sampling.stepMs, memory.scrapes),
    ...findStaleTargets(round, signals, memory.stale),
    ...findCounterResets(round),
    ...findSeriesExplosions(round, signals, memory.cardinality),
    ...[fresh, kept, few, timed].flatMap((step) => step.observations),
  ];
  const masks = new Map(
    observations.flatMap(({ masks: ids, ...why }) => ids.map((id) => [id, reasonOf(why)] as const)),
  );
  for (const id of spoiledByFlood(at, sampling.rateWindowMs, memory.floods))
    masks.set(id, 'not judged: a flood of log lines has just passed');
  const judged = samples.map((sample) => masked(sample, masks.get(sample.signalId)));
  const before = memory.findings;
  memory.findings = keepFindings(before, observations, at);
  return {
    samples: judged,
    logs: timed.logs,
    report: { findings: memory.findings, notJudged: withoutValue(judged) },
    started: notIn(before, memory.findings),
    ended: notIn(memory.findings, before),
  };
}

function reasonOf({ kind, source, because }: Pick<Observation, 'kind' | 'source' | 'because'>): string {
  return `not judged: ${kind} of ${source}: ${because}`;
}

function masked(sample: SignalSample, because: string | undefined): SignalSample {
  return because === undefined ? sample : { signalId: sample.signalId, at: sample.at, value: null, because };
}

function withoutValue(samples: readonly SignalSample[]): DataQualityReport['notJudged'] {
  return samples.flatMap(({ signalId, value, because }) => (value === null ? [{ signalId, because }] : []));
}
