/**
 * Charts: picks the signals the page draws out of all that aiops watches, on one common time axis.
 *
 * Rule: the union of the signals' instants of the last ten minutes; a signal without a value there has null.
 * When it misleads: two sources whose clocks differ interleave their instants, and lines show gaps.
 *
 * @example alignLines(['a'], [{ id: 'a', points: [[1000, 5]], … }], 2000).times // [1]
 */
import type { Answer } from './questions.js';

type Signal = Answer<'aiops/signals'>['signals'][number];

const WINDOW_MS = 10 * 60_000;
/** Ten minutes at one point in two seconds. */
const MOST_POINTS = 300;
/** More digits than a screen can show. */
const DIGITS = 4;

const signalsOf = {
  rate: ['flights-api/request-rate', 'model-server/request-rate'],
  ratio: ['flights-api/error-ratio', 'flights-api/degraded-ratio', 'model-server/error-ratio'],
  latency: ['flights-api/latency-p95', 'model-server/latency-p95'],
} as const;

export type ChartId = keyof typeof signalsOf;

export interface ChartLine {
  /** The signal's id, as aiops names it. */
  id: string;
  state: Signal['state'] | 'unknown';
  because: string;
  values: (number | null)[];
}

/** `times` in seconds since 1970, ascending; every line has one value for each. */
export interface Chart {
  times: number[];
  lines: ChartLine[];
}

/** in: Signal[] → out: Record<ChartId, Chart> */
export function chartsOf(signals: readonly Signal[], now: number): Record<ChartId, Chart> {
  return {
    rate: alignLines(signalsOf.rate, signals, now),
    ratio: alignLines(signalsOf.ratio, signals, now),
    latency: alignLines(signalsOf.latency, signals, now),
  };
}

export function alignLines(ids: readonly string[], signals: readonly Signal[], now: number): Chart {
  const chosen = ids.map((id) => ({ id, signal: signals.find((signal) => signal.id === id) }));
  const recent = chosen.map(({ signal }) => new Map(signal?.points.filter(([at]) => at > now - WINDOW_MS)));
  const instants = [...new Set(recent.flatMap((points) => [...points.keys()]))]
    .sort((a, b) => a - b)
    .slice(-MOST_POINTS);
  return {
    times: instants.map((at) => at / 1_000),
    lines: chosen.map(({ id, signal }, index) => ({
      id,
      state: signal?.state ?? 'unknown',
      because: signal?.because ?? 'aiops has no such signal yet',
      values: instants.map((at) => rounded(recent[index]?.get(at) ?? null)),
    })),
  };
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(DIGITS));
}
