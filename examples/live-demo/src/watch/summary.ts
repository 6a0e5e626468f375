/**
 * Summary: what a run was, as one object for machines, with a verdict.
 *
 * Rule: a run was good when flights flowed, every part worked to the end, the board answered no 5xx, and it lasted as long as
 * asked. Each thing that was not is one sentence in `exitReasons`; the exit code is 0 only without any.
 */
import { outcomeOf } from './fault-outcome.js';
import type { FaultOutcome, FaultRecord } from './fault-outcome.js';
import { causeOf } from './narrate.js';
import type { ModelDayRow } from './model-days.js';
import type { Attempt, Incident, Observation, Totals } from './observation.js';

export interface RunFacts {
  readonly last: Observation;
  readonly totals: Totals;
  /** When this run began: older incidents belong to older runs. Epoch milliseconds. */
  readonly beganAt: number;
  readonly startupSeconds: number | undefined;
  readonly ranSeconds: number;
  readonly wantedSeconds: number | undefined;
  readonly stoppedBy: string | undefined;
  readonly problems: readonly string[];
  readonly failures: readonly string[];
  readonly memoryMb: ReadonlyMap<string, number>;
  readonly peakMemoryMb: number;
  readonly faults: readonly FaultRecord[];
  readonly modelDays: readonly ModelDayRow[];
}

export interface Summary {
  ok: boolean;
  flightsReplayed: number;
  outcomesReplayed: number;
  simulatedTime: string | null;
  predictionsServed: number;
  degradedAnswers: number;
  boardErrors: number;
  p95LatencyMs: number | null;
  metricsScraped: number;
  logLinesClustered: number;
  anomalies: number;
  incidents: {
    id: string;
    state: string;
    title: string;
    firstCause: string;
    openedAt: string;
    closedAt: string | null;
  }[];
  faults: FaultOutcome[];
  modelVersion: string | null;
  modelDays: readonly ModelDayRow[];
  /** Attempts to put another model in its place, with their steps. */
  attempts: readonly Attempt[];
  startupSeconds: number | null;
  ranSeconds: number;
  peakMemoryMb: number;
  memoryMb: Record<string, number>;
  exitReasons: string[];
}

export function summarise(facts: RunFacts): Summary {
  const { last, totals } = facts;
  const incidents = incidentsSince(last.incidents ?? [], facts.beganAt);
  const exitReasons = whyNotGood(facts);
  return {
    ok: exitReasons.length === 0,
    flightsReplayed: last.replay?.flights ?? 0,
    outcomesReplayed: last.replay?.outcomes ?? 0,
    simulatedTime: last.replay?.simulatedTime ?? null,
    predictionsServed: totals.predictions,
    degradedAnswers: totals.baseRateAnswers,
    boardErrors: totals.boardErrors,
    p95LatencyMs: totals.p95LatencyMs ?? null,
    metricsScraped: totals.metricsScraped,
    logLinesClustered: totals.logLines,
    anomalies: totals.anomalies,
    incidents: incidents.map((incident) => ({
      id: incident.id,
      state: incident.state,
      title: incident.title,
      firstCause: causeOf(incident),
      openedAt: incident.openedAt,
      closedAt: incident.closedAt,
    })),
    faults: facts.faults.map((fault) => outcomeOf(fault, incidents)),
    modelVersion: last.model?.version ?? null,
    modelDays: facts.modelDays,
    attempts: last.attempts ?? [],
    startupSeconds: facts.startupSeconds === undefined ? null : round(facts.startupSeconds),
    ranSeconds: round(facts.ranSeconds),
    peakMemoryMb: round(facts.peakMemoryMb),
    memoryMb: Object.fromEntries(facts.memoryMb),
    exitReasons,
  };
}

function incidentsSince(incidents: readonly Incident[], beganAt: number): Incident[] {
  return incidents.filter(({ openedAt }) => Date.parse(openedAt) >= beganAt);
}

function whyNotGood(facts: RunFacts): string[] {
  const { last, totals, wantedSeconds, ranSeconds, stoppedBy, startupSeconds } = facts;
  const reasons = [...facts.failures, ...facts.problems];
  if (startupSeconds === undefined) reasons.push('flights never flowed');
  else if ((last.replay?.flights ?? 0) === 0) reasons.push('no flight reached the board');
  if (totals.boardErrors > 0) reasons.push(`the board answered ${totals.boardErrors} requests with 5xx`);
  if (wantedSeconds !== undefined && stoppedBy !== undefined) {
    reasons.push(`stopped by ${stoppedBy} after ${Math.floor(ranSeconds)} of ${wantedSeconds} s`);
  }
  return reasons;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
