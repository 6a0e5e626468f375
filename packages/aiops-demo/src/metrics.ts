/** Shell: aiops-demo's own metrics, a function of what the pipeline returned. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { PipelineRun } from './pipeline.js';
import { FINDING_KINDS } from './quality/finding.js';
import type { Signal } from './signals.js';

/** Returns the function that records one evaluation. */
export function createAiopsMetrics(
  registry: Registry,
  signals: readonly Signal[],
): (run: PipelineRun, templates: number, seconds: number) => void {
  const registers = [registry];
  const samples = new Counter({
    name: 'aiops_samples_total',
    help: 'Values of signals collected.',
    registers,
  });
  const lines = new Counter({ name: 'aiops_log_lines_total', help: 'Log lines clustered.', registers });
  const known = new Gauge({ name: 'aiops_log_templates', help: 'Log templates known now.', registers });
  const anomalies = new Counter({
    name: 'aiops_anomalies_total',
    help: 'Anomalies confirmed, by signal.',
    labelNames: ['signal'],
    registers,
  });
  const open = new Gauge({ name: 'aiops_incidents_open', help: 'Incidents open now.', registers });
  const total = new Counter({ name: 'aiops_incidents_total', help: 'Incidents opened.', registers });
  const duration = new Histogram({
    name: 'aiops_evaluation_duration_seconds',
    help: 'Time one evaluation of the pipeline takes, without collecting.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  });
  const findings = new Gauge({
    name: 'aiops_data_quality_findings',
    help: 'Findings of data quality that last, by kind.',
    labelNames: ['kind'],
    registers,
  });
  const probability = new Gauge({
    name: 'aiops_forecast_limit_probability',
    help: 'Probability that a saturation signal reaches its limit in ten minutes; absent while nobody can say.',
    labelNames: ['signal'],
    registers,
  });
  // A counter that starts at its first event hides that event from `rate`.
  for (const { id } of signals) anomalies.inc({ signal: id }, 0);

  return ({ collected, assessed, detected, forecasted, correlated }, templates, seconds) => {
    samples.inc(collected.samples.filter(({ value }) => value !== null).length);
    lines.inc(collected.logs.length);
    known.set(templates);
    for (const { signalId } of detected.started) anomalies.inc({ signal: signalId });
    for (const kind of FINDING_KINDS)
      findings.set({ kind }, assessed.report.findings.filter((finding) => finding.kind === kind).length);
    for (const { signal, probability: value } of forecasted.forecasts) {
      if (value === null) probability.remove({ signal: signal.id });
      else probability.set({ signal: signal.id }, value);
    }
    open.set(correlated.incidents.filter(({ state }) => state === 'open').length);
    total.inc(correlated.changes.filter(({ kind }) => kind === 'opened').length);
    duration.observe(seconds);
  };
}
