/**
 * The AIOps pipeline: from telemetry to incidents that name their cause.
 *
 *   collect → assess → parse → detect → forecast → correlate → localize → report
 *
 * Pure: what was collected comes in, every intermediate result goes out, and what must be remembered stands in `memory`.
 * Collecting itself asks the network, so it happens before (`collect/`), in the loop of `aiops.ts`.
 */
import type { TargetReport } from './collect/target-report.js';
import type { Alert } from './correlate/alert.js';
import { correlate } from './correlate/correlate.js';
import { detect } from './detect/detect.js';
import { forecast } from './forecast/forecast.js';
import type { Change } from './localize/cause.js';
import { localize } from './localize/localize.js';
import type { LogRecord } from './log-record.js';
import type { PipelineMemory } from './memory.js';
import { parse } from './parse/parse.js';
import { assess } from './quality/assess.js';
import { report } from './report/report.js';
import type { SignalSample } from './signals.js';
import type { CallGraph } from './topology.js';

/** What the collectors brought for one evaluation. */
export interface Collected {
  readonly at: number;
  readonly samples: readonly SignalSample[];
  readonly logs: readonly LogRecord[];
  /** From others than the own detectors, such as Alertmanager. */
  readonly alerts?: readonly Alert[];
  /** What people and pipelines did lately. */
  readonly changes?: readonly Change[];
  /** How the scrapes went; a source that does not scrape itself cannot say. */
  readonly targets?: readonly TargetReport[];
}

export type PipelineRun = ReturnType<typeof runPipeline>;

/** One evaluation. */
export function runPipeline(collected: Collected, memory: PipelineMemory, graph: CallGraph) {
  const assessed = assess(collected, memory.parse.templates, memory.quality);
  const parsed = parse(assessed.logs, memory.parse);
  const detected = detect(assessed.samples, parsed, collected.at, memory.detect);
  const forecasted = forecast(assessed.samples, collected.at, memory.forecast);
  const correlated = correlate(detected, collected.at, memory.correlate, graph, collected.alerts);
  const localized = localize(correlated.incidents, graph, collected.changes);
  const reported = report({
    collected,
    assessed,
    parsed,
    templates: memory.parse.miner.size,
    detected,
    forecasted,
    correlated,
    localized,
  });
  return { collected, assessed, parsed, detected, forecasted, correlated, localized, reported };
}
