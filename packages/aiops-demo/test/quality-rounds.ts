/** Rounds of a healthy system for tests of data quality: what a test changes is the telemetry, never the services. */
import type { TargetReport } from '../src/collect/target-report.js';
import type { LogRecord } from '../src/log-record.js';
import { createMemory } from '../src/memory.js';
import { runPipeline } from '../src/pipeline.js';
import type { Collected, PipelineRun } from '../src/pipeline.js';
import { signals } from '../src/signals.js';
import { topology } from '../src/topology.js';
import { SAMPLING, START, STEP_MS, asSamples, dice, healthy } from './simulation.js';

export const SERVICES = ['flights-api', 'model-server', 'replay', 'aiops'] as const;

export type Values = Record<string, number | null>;

/** What one round would be, for a test to spoil. */
export interface Telemetry {
  at: number;
  values: Values;
  logs: LogRecord[];
  targets: TargetReport[];
}

/** Runs the pipeline over rounds of two seconds; `spoil` changes what is collected, or answers undefined for a round nobody made. */
export function watchTelemetry(
  seconds: number,
  spoil: (second: number, telemetry: Telemetry) => Telemetry | undefined,
): PipelineRun[] {
  const memory = createMemory(signals, SAMPLING, START);
  const random = dice(1);
  const runs: PipelineRun[] = [];
  for (let second = 0; second < seconds; second += STEP_MS / 1_000) {
    const at = START + second * 1_000;
    const values: Values = healthy(second, random);
    const telemetry = spoil(second, {
      at,
      values,
      logs: linesOf(at),
      targets: SERVICES.map((job) => up(job, at)),
    });
    if (telemetry === undefined) continue;
    const { logs, targets } = telemetry;
    const collected: Collected = {
      at: telemetry.at,
      samples: asSamples(telemetry.values, telemetry.at),
      logs,
      targets,
    };
    runs.push(runPipeline(collected, memory, topology));
  }
  return runs;
}

export function up(
  job: string,
  at: number,
  more: Partial<Extract<TargetReport, { state: 'up' }>> = {},
): TargetReport {
  const url = `http://${job}:80`;
  return {
    job,
    url,
    state: 'up',
    samples: 400,
    malformed: 0,
    sameSince: at,
    exposedAt: null,
    resets: 0,
    refused: 0,
    ...more,
  };
}

/** A line of each service, written a little before it is collected. */
export function linesOf(at: number): LogRecord[] {
  return SERVICES.map((service) => line(service, at - 500, `took ${at % 97} ms`));
}

export function line(service: string, at: number, body: string): LogRecord {
  return { at, service, severity: 'INFO', body };
}

export function only(telemetry: Telemetry, job: string, target: TargetReport): TargetReport[] {
  return telemetry.targets.map((one) => (one.job === job ? target : one));
}

export function incidentsOf(runs: readonly PipelineRun[]): string[] {
  return (runs.at(-1)?.reported.incidents ?? []).map(({ title }) => title);
}

export function announcedOf(runs: readonly PipelineRun[]): string[] {
  return runs.flatMap(({ reported }) => reported.announcements.map(({ text }) => text));
}

/** Every finding of a run, once, in the order they began. */
export function findingsOf(runs: readonly PipelineRun[]): string[] {
  return runs.flatMap(({ assessed }) => assessed.started.map(({ kind, source }) => `${kind} of ${source}`));
}
