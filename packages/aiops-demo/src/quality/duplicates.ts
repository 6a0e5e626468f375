/**
 * Duplicates: the same telemetry twice. A sender that got no answer sends its batch again; two collectors scrape at one beat.
 *
 * in: Round → out: the log lines that are new, and Observation[]
 *
 * Rule: a line is a repeat when its service, instant, severity, trace and text came in the last minute. One is chance; ten different ones that are
 * a third of the service's lines in a round are a batch sent twice, and the repeats are dropped. A round of samples no younger than
 * the round before is a repeat as a whole.
 * When it misleads: lines without a time of their own get that of their arrival, so their repeats are not seen.
 * Source: at-least-once delivery, OpenTelemetry protocol 1.5, "Duplicate data"; the hash is FNV-1a (Fowler, Noll, Vo 1991), twice.
 *
 *   // 40 lines of replay, 40 known from 4 s ago → none kept; { kind: 'duplicates', source: 'replay', … }
 */
import type { LogRecord } from '../log-record.js';
import type { Observation, Round } from './finding.js';

export interface DuplicateMemory {
  lastAt: number | null;
  /** Hashes of lines, oldest first, with the round they came in. */
  readonly seen: Map<number, number>;
}

const REMEMBERED_MS = 60_000;
const MOST_REMEMBERED = 50_000;
const LEAST_REPEATS = 10;
const REPEATED_SHARE = 1 / 3;
/** Further back than this is another clock and no repeat, as in detect/watch-signal.ts. */
const CLOCK_SET_BACK_MS = 60_000;

export function createDuplicateMemory(): DuplicateMemory {
  return { lastAt: null, seen: new Map() };
}

export function dropDuplicates(
  { at, logs }: Round,
  memory: DuplicateMemory,
): { logs: readonly LogRecord[]; observations: Observation[] } {
  const hashes = logs.map(hashOf);
  const repeated = repeatsByService(logs, hashes, memory);
  remember(hashes, at, memory);
  const twice = new Map(
    [...repeated].filter(
      ([, { different, repeats, lines }]) =>
        different.size >= LEAST_REPEATS && repeats.size >= REPEATED_SHARE * lines,
    ),
  );
  const observations = [...twice].map(([service, { repeats }]) => observe(service, repeats.size));
  return {
    logs:
      twice.size === 0
        ? logs
        : logs.filter((record, index) => twice.get(record.service)?.repeats.has(index) !== true),
    observations: [...sameRound(at, memory), ...observations],
  };
}

interface Repeats {
  lines: number;
  /** Positions in the round. */
  readonly repeats: Set<number>;
  readonly different: Set<number>;
}

function repeatsByService(
  logs: readonly LogRecord[],
  hashes: readonly number[],
  { seen }: DuplicateMemory,
): Map<string, Repeats> {
  const byService = new Map<string, Repeats>();
  const here = new Set<number>();
  logs.forEach(({ service }, index) => {
    const hash = hashes[index] ?? 0;
    const counted = byService.get(service) ?? { lines: 0, repeats: new Set(), different: new Set() };
    byService.set(service, counted);
    counted.lines += 1;
    if (seen.has(hash) || here.has(hash)) {
      counted.repeats.add(index);
      counted.different.add(hash);
    }
    here.add(hash);
  });
  return byService;
}

function remember(hashes: readonly number[], at: number, { seen }: DuplicateMemory): void {
  for (const hash of hashes) {
    seen.delete(hash);
    seen.set(hash, at);
  }
  for (const [hash, cameAt] of seen) {
    if (seen.size <= MOST_REMEMBERED && at - cameAt <= REMEMBERED_MS) return;
    seen.delete(hash);
  }
}

function sameRound(at: number, memory: DuplicateMemory): Observation[] {
  const before = memory.lastAt ?? -Infinity;
  memory.lastAt = at;
  if (at > before || at < before - CLOCK_SET_BACK_MS) return [];
  const because = `samples of ${new Date(at).toISOString()} came again`;
  return [
    {
      kind: 'duplicates',
      source: 'collector',
      because,
      notJudged: 'nothing: the first ones count',
      masks: [],
    },
  ];
}

function observe(service: string, repeats: number): Observation {
  const because = `${repeats} log lines came a second time`;
  const notJudged = 'nothing: each line counts once';
  return { kind: 'duplicates', source: service, because, notJudged, masks: [] };
}

const FNV_PRIME = 16_777_619;
const FIRST_SEED = 2_166_136_261;
const SECOND_SEED = 84_696_351;
/** Two hashes make one whole number below 2^53. */
const SECOND_BITS = 2 ** 21;

function hashOf({ service, at, severity, traceId = '', body }: LogRecord): number {
  const text = `${service} ${at} ${severity} ${traceId} ${body}`;
  let first = FIRST_SEED;
  let second = SECOND_SEED;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    first = Math.imul(first ^ code, FNV_PRIME);
    second = Math.imul(second ^ code, FNV_PRIME);
  }
  return (first >>> 0) * SECOND_BITS + ((second >>> 0) % SECOND_BITS);
}
