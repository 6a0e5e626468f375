/**
 * Log floods: far more lines than a service usually writes. A sample of them is clustered, so that the rest of the telemetry is not drowned.
 *
 * in: Round → out: the lines that are kept, and Observation[]
 *
 * Rule: more than 20 times the service's median of the last two minutes and more than 1,000 lines in a round, or 10,000 whatever is usual. 500 of
 * them are kept, evenly spaced. While it lasts, and for one rate window after, the log intake's latency and errors are the flood's
 * and not an incident of aiops.
 * When it misleads: a debug level switched on for good is a flood until the median has learned it, a minute later.
 * Source: load shedding, Google SRE book (2016), chapter 21.
 *
 *   // flights-api: 12,000 lines, usually 80 → 500 kept; { kind: 'log-flood', source: 'flights-api', masks: ['aiops/latency-p95', …] }
 */
import { median } from 'simple-statistics';
import type { LogRecord } from '../log-record.js';
import type { Observation, Round } from './finding.js';

export interface FloodMemory {
  /** By service: lines in the last rounds. */
  readonly counts: Map<string, number[]>;
  lastFloodAt: number;
}

const TIMES_USUAL = 20;
const LEAST_FLOOD_LINES = 1_000;
const ALWAYS_FLOOD_LINES = 10_000;
const ROUNDS_REMEMBERED = 60;
const ROUNDS_NEEDED = 10;
const LINES_KEPT = 500;
const MOST_SERVICES = 200;
/** What a flood spoils: the intake's own figures. */
const SPOILED = ['aiops/latency-p95', 'aiops/error-ratio', 'aiops/event-loop-lag', 'aiops/log-line-rate'];

export function createFloodMemory(): FloodMemory {
  return { counts: new Map(), lastFloodAt: -Infinity };
}

export function thinFloods(
  { at, logs }: Round,
  memory: FloodMemory,
): { logs: readonly LogRecord[]; observations: Observation[] } {
  const counts = countByService(logs);
  const floods = [...counts].filter(([service, count]) => isFlood(count, memory.counts.get(service) ?? []));
  remember(counts, memory);
  if (floods.length === 0) return { logs, observations: [] };
  memory.lastFloodAt = at;
  return {
    logs: floods.reduce((kept, [service, count]) => thin(kept, service, count), logs),
    observations: floods.map(([service, count]) => observe(service, count, memory)),
  };
}

/** Signals that a flood still spoils: rates look back over a window. */
export function spoiledByFlood(
  at: number,
  rateWindowMs: number,
  { lastFloodAt }: FloodMemory,
): readonly string[] {
  return at - lastFloodAt <= rateWindowMs ? SPOILED : [];
}

function countByService(logs: readonly LogRecord[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { service } of logs) counts.set(service, (counts.get(service) ?? 0) + 1);
  return counts;
}

function isFlood(count: number, before: readonly number[]): boolean {
  if (count > ALWAYS_FLOOD_LINES) return true;
  return (
    before.length >= ROUNDS_NEEDED && count > Math.max(LEAST_FLOOD_LINES, TIMES_USUAL * median([...before]))
  );
}

function remember(counts: ReadonlyMap<string, number>, memory: FloodMemory): void {
  for (const service of new Set([...counts.keys(), ...memory.counts.keys()])) {
    const before = memory.counts.get(service);
    if (before === undefined && memory.counts.size >= MOST_SERVICES) continue;
    memory.counts.set(service, [...(before ?? []), counts.get(service) ?? 0].slice(-ROUNDS_REMEMBERED));
  }
}

/** Evenly spaced, so that what begins late in the flood is still seen. */
function thin(logs: readonly LogRecord[], service: string, count: number): LogRecord[] {
  let seen = 0;
  return logs.filter((record) => {
    if (record.service !== service) return true;
    seen += 1;
    return Math.floor((seen * LINES_KEPT) / count) > Math.floor(((seen - 1) * LINES_KEPT) / count);
  });
}

function observe(service: string, count: number, { counts }: FloodMemory): Observation {
  const usual = Math.round(median([...(counts.get(service) ?? [0])]));
  return {
    kind: 'log-flood',
    source: service,
    because: `${count} lines came at once, usually ${usual}`,
    notJudged: `${count - LINES_KEPT} of these lines, and how fast aiops takes lines in`,
    masks: SPOILED,
  };
}
