/** What the pipeline remembers from one evaluation to the next: all of it bounded, none of it hidden. */
import { createCorrelateMemory, takeBackIncidents } from './correlate/correlate-memory.js';
import type { CorrelateMemory } from './correlate/correlate-memory.js';
import { createDetectMemory } from './detect/detect.js';
import type { DetectMemory } from './detect/detect.js';
import type { Sampling } from './detect/persistence.js';
import { knowLevel } from './detect/watch-memory.js';
import { createForecastMemory } from './forecast/forecast.js';
import type { ForecastMemory } from './forecast/forecast.js';
import { createParseMemory, takeBackTemplates } from './parse/parse.js';
import type { LogTemplate, ParseMemory } from './parse/parse.js';
import { createQualityMemory } from './quality/assess.js';
import type { QualityMemory } from './quality/assess.js';
import type { ReportedIncident } from './report/report.js';
import type { Signal } from './signals.js';

export interface PipelineMemory {
  readonly quality: QualityMemory;
  readonly parse: ParseMemory;
  readonly detect: DetectMemory;
  readonly forecast: ForecastMemory;
  readonly correlate: CorrelateMemory;
}

/** What an earlier process left behind. */
export interface Earlier {
  readonly incidents: readonly ReportedIncident[];
  readonly templates: readonly LogTemplate[];
}

export const NOTHING_EARLIER: Earlier = { incidents: [], templates: [] };

/** Memory of a new process, which goes on where an earlier one stopped. */
export function createMemory(
  signals: readonly Signal[],
  sampling: Sampling,
  now: number,
  earlier: Earlier = NOTHING_EARLIER,
): PipelineMemory {
  const memory: PipelineMemory = {
    quality: createQualityMemory(signals, sampling),
    parse: createParseMemory(),
    detect: createDetectMemory(signals, sampling),
    forecast: createForecastMemory(signals),
    correlate: createCorrelateMemory(),
  };
  takeBack(memory, earlier, now);
  return memory;
}

/** Adds what an earlier process left, also when it becomes known late: the database was away at the start. */
export function takeBack(memory: PipelineMemory, earlier: Earlier, now: number): void {
  takeBackTemplates(memory.parse, earlier.templates);
  takeBackIncidents(memory.correlate, earlier.incidents, now);
  // The levels from before an open incident are known: a restart in its middle must not learn the trouble as normal.
  const open = earlier.incidents
    .filter(({ state }) => state === 'open')
    .flatMap((incident) => incident.signals);
  for (const { signalId, expected } of open) {
    const watch = memory.detect.watches.get(signalId);
    if (watch !== undefined) knowLevel(watch, expected);
  }
}
