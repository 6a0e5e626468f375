/**
 * The AIOps pipeline: from telemetry to incidents that name their cause.
 *
 *   collect → parse → detect → correlate → localize → report
 *
 * Pure: what was collected comes in, every intermediate result goes out, and what must be remembered stands in `memory`.
 * Collecting itself asks the network, so it happens before (`collect/`), in the loop of `aiops.ts`.
 */
import type { Alert } from './correlate/alert.js';
import { correlate } from './correlate/correlate.js';
import { detect } from './detect/detect.js';
import { localize } from './localize/localize.js';
import type { LogRecord } from './log-record.js';
import type { PipelineMemory } from './memory.js';
import { parse } from './parse/parse.js';
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
}

export type PipelineRun = ReturnType<typeof runPipeline>;

/** One evaluation. */
export function runPipeline(collected: Collected, memory: PipelineMemory, graph: CallGraph) {
  const parsed = parse(collected.logs, memory.parse);
  const detected = detect(collected.samples, parsed, collected.at, memory.detect);
  const correlated = correlate(detected, collected.at, memory.correlate, graph, collected.alerts);
  const localized = localize(correlated.incidents, graph);
  const reported = report({
    collected,
    parsed,
    templates: memory.parse.drain.size,
    detected,
    correlated,
    localized,
  });
  return { collected, parsed, detected, correlated, localized, reported };
}
