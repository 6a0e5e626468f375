/**
 * Clock skew: a service whose clock is not the collector's.
 *
 * in: Round → out: the log lines with times one can compare, and Observation[]
 *
 * Rule: a line can come late but not early, so the youngest line of a round tells the offset. 2 s ahead, or 10 s behind, in three
 * rounds with lines in a row is skew; the lines then get the time of their arrival.
 * When it misleads: lines that a full queue holds up for long look like a clock behind; the finding says so.
 * Source: the smallest delay tells the offset best: Mills, the clock filter of NTP, RFC 5905 (2010), section 10.
 *
 *   // replay's youngest lines are 90 s ahead, three times → { kind: 'clock-skew', source: 'replay', because: '… 90 s ahead …' }
 */
import type { LogRecord } from '../log-record.js';
import type { Observation, Round } from './finding.js';

/** By service: offsets of its youngest lines in the last rounds with lines. */
export type SkewMemory = Map<string, number[]>;

/** Clocks that NTP keeps differ by milliseconds. */
const MOST_AHEAD_MS = 2_000;
/** Senders collect lines for seconds before they ship them. */
const MOST_BEHIND_MS = 10_000;
const ROUNDS = 3;
/** Whoever invents service names cannot fill the memory with them. */
const MOST_SERVICES = 200;

export function correctClocks(
  { at, logs }: Round,
  memory: SkewMemory,
): { logs: readonly LogRecord[]; observations: Observation[] } {
  const youngest = new Map<string, number>();
  for (const { service, at: written } of logs)
    youngest.set(service, Math.max(youngest.get(service) ?? -Infinity, written));
  const skewed = new Map<string, number>();
  for (const [service, written] of youngest) {
    if (!memory.has(service) && memory.size >= MOST_SERVICES) continue;
    const offsets = [...(memory.get(service) ?? []), written - at].slice(-ROUNDS);
    memory.set(service, offsets);
    const isOff =
      offsets.every((offset) => offset > MOST_AHEAD_MS) ||
      offsets.every((offset) => offset < -MOST_BEHIND_MS);
    if (isOff && offsets.length === ROUNDS) skewed.set(service, written - at);
  }
  return {
    logs:
      skewed.size === 0
        ? logs
        : logs.map((record) => (skewed.has(record.service) ? { ...record, at } : record)),
    observations: [...skewed].map(([service, offset]) => observe(service, offset)),
  };
}

function observe(service: string, offsetMs: number): Observation {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  const because =
    offsetMs > 0
      ? `its log lines are ${seconds} s ahead of the collector's clock`
      : `its log lines are ${seconds} s behind: its clock is, or something holds them up`;
  const notJudged = `when ${service} wrote its log lines; they count from their arrival`;
  return { kind: 'clock-skew', source: service, because, notJudged, masks: [] };
}
