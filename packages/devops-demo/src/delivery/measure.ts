/**
 * Measure: what did one version do during a window?
 *
 * in: readings of its `/metrics` in time order, its log, its restarts → out: VersionMeasurements
 *
 * Rule: counters only grow, so the window is the last reading less the first; after a restart they begin at 0 again, and what the new process
 * has counted is what is known. Memory growth is the least-squares slope over all readings, not the difference of two; when they span less than half
 * of the window it is not known. Speed, lag and growth are those of warm processes only (warm-up.ts); requests and failures are all.
 * What a version never answered is in no histogram: the gateway, which had to answer for it, counts it, and it is
 * a request that failed.
 * When it misleads: a version that answers after the gateway gave up counts the same request too, as one that was abandoned.
 * Source: Prometheus `increase` and `deriv`, https://prometheus.io/docs/prometheus/latest/querying/functions/ (read 2026-07).
 */
import type { VersionMeasurements } from './analyze.js';
import type { LogTemplate } from './log-templates.js';
import { answered, silenceAtEnd } from './probes.js';
import { routesAsked } from './routes-asked.js';
import { between, trafficOf } from './traffic.js';
import type { HistogramValue, Traffic } from './traffic.js';

/** One scrape; one without an answer says `up` 0, and nothing else (probes.ts). */
export interface Reading {
  readonly seconds: number;
  readonly values: readonly HistogramValue[];
}

export interface Watched {
  readonly version: string;
  readonly readings: readonly Reading[];
  readonly newLogTemplates: readonly LogTemplate[];
  readonly restarts: number;
  /** Requests that only the gateway knows of: the version never answered them. */
  readonly unanswered?: number;
  /** Length of the window; without it nobody was probed. */
  readonly seconds?: number;
  /** From this reading on both versions are warm. */
  readonly warmFrom?: number;
}

const HISTOGRAM = 'http_server_request_duration_seconds';
const LAG = 'nodejs_eventloop_lag_p99_seconds';
const MEMORY = 'process_resident_memory_bytes';
/** A slope through fewer points says nothing. */
const LEAST_READINGS = 3;
/** A slope through a moment is noise, and pool-windows.ts gives it the weight of the whole window. */
const LEAST_SHARE = 0.5;

export function measure(watched: Watched): VersionMeasurements {
  const { version, newLogTemplates, restarts, unanswered = 0, seconds = 0, warmFrom = -Infinity } = watched;
  const readings = answered(watched.readings);
  const { requests, failed } = increase(readings);
  const warm = readings.filter((reading) => reading.seconds >= warmFrom);
  return {
    version,
    requests: requests + unanswered,
    failures: failed + unanswered,
    latency: increase(warm).buckets.map(({ le, count }) => ({ upToSeconds: le, count })),
    saturation: {
      eventLoopLagSeconds: mean(valuesOf(warm, LAG)),
      residentBytes: valuesOf(readings, MEMORY).at(-1)?.y ?? null,
      residentBytesPerSecond:
        spanOf(warm) < LEAST_SHARE * spanOf(readings) ? null : slope(valuesOf(warm, MEMORY)),
    },
    newLogTemplates,
    restarts,
    silentSeconds: silenceAtEnd(watched.readings, seconds),
    routes: routesAsked(readings.map(({ values }) => values.filter(isOfHistogram))),
  };
}

const isOfHistogram = ({ metricName }: HistogramValue) => metricName?.startsWith(HISTOGRAM) ?? false;

function spanOf(readings: readonly Reading[]): number {
  return (readings.at(-1)?.seconds ?? 0) - (readings[0]?.seconds ?? 0);
}

interface Point {
  x: number;
  y: number;
}

/** Adds up what grew between readings; a reading below the one before is of a new process. */
function increase(readings: readonly Reading[]): Traffic {
  let total: Traffic = { requests: 0, failed: 0, buckets: [] };
  let before: Traffic | undefined;
  for (const { values } of readings) {
    const now = trafficOf(values.filter(isOfHistogram));
    if (before !== undefined) {
      total = sum(total, now.requests < before.requests ? now : between(before, now));
    }
    before = now;
  }
  return total;
}

function sum(a: Traffic, b: Traffic): Traffic {
  const counts = new Map(a.buckets.map(({ le, count }) => [le, count]));
  for (const { le, count } of b.buckets) counts.set(le, (counts.get(le) ?? 0) + count);
  const buckets = [...counts].map(([le, count]) => ({ le, count })).sort((one, two) => one.le - two.le);
  return { requests: a.requests + b.requests, failed: a.failed + b.failed, buckets };
}

function valuesOf(readings: readonly Reading[], metricName: string): Point[] {
  return readings.flatMap(({ seconds, values }) => {
    const found = values.find((value) => value.metricName === metricName);
    return found === undefined ? [] : [{ x: seconds, y: found.value }];
  });
}

function mean(points: readonly Point[]): number | null {
  return points.length === 0 ? null : points.reduce((total, { y }) => total + y, 0) / points.length;
}

function slope(points: readonly Point[]): number | null {
  if (points.length < LEAST_READINGS) return null;
  const [x, y] = [mean(points.map((point) => ({ x: 0, y: point.x }))) ?? 0, mean(points) ?? 0];
  const square = points.reduce((total, point) => total + (point.x - x) ** 2, 0);
  return square === 0
    ? null
    : points.reduce((total, point) => total + (point.x - x) * (point.y - y), 0) / square;
}
