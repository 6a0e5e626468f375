/**
 * Pool windows: several windows of one canary as one, so that evidence adds up.
 *
 * in: CanaryWindow[], oldest first → out: CanaryWindow
 *
 * Rule: counts add; lag and growth are averaged over time, of the windows that tell them; memory is the last reading. Latency, lag and growth of a cold process are not
 * kept: caches are empty, connections new and code not yet compiled at any version. Windows that tell how warm the processes are hold
 * none of them (warm-up.ts); of windows that do not tell, the first is left out. Failures, log lines and deaths count all the while, for
 * users see those however young the process is.
 * When it misleads: pool windows of one traffic weight only. If the weight changes while the load changes, the canary's
 * sums come from other hours than the primary's (Simpson's paradox).
 * Source: pooling in group-sequential trials, S. J. Pocock (1977); E. H. Simpson (1951).
 *
 *   poolWindows([10 requests, 20 requests, 30 requests]) // 60 requests, latencies of the last 50
 */
import { commonBounds, answersWithin } from './latency-buckets.js';
import type {
  CanaryWindow,
  LatencyBucket,
  LogTemplate,
  RouteCount,
  VersionMeasurements,
} from './measurements.js';

type Latency = readonly LatencyBucket[];
type Reading = (measurements: VersionMeasurements) => number | null;

export function poolWindows(windows: readonly CanaryWindow[]): CanaryWindow {
  if (windows.length === 0) throw new Error('poolWindows: expected at least one window, got none');
  const warmUp = windows.at(-1)?.warmUp;
  return {
    primary: pool(windows, (window) => window.primary),
    canary: pool(windows, (window) => window.canary),
    seconds: secondsOf(windows),
    growthSeconds: secondsOf(warmOf(windows).filter(tellsGrowth)),
    ...(warmUp === undefined ? {} : { warmUp }),
  };
}

const secondsOf = (windows: readonly CanaryWindow[]) =>
  windows.reduce((sum, { seconds }) => sum + seconds, 0);
const tellsGrowth = ({ canary }: CanaryWindow) => canary.saturation.residentBytesPerSecond !== null;

function warmOf(windows: readonly CanaryWindow[]): readonly CanaryWindow[] {
  return windows.some(({ warmUp }) => warmUp !== undefined) ? windows : windows.slice(1);
}

function pool(
  windows: readonly CanaryWindow[],
  side: (window: CanaryWindow) => VersionMeasurements,
): VersionMeasurements {
  const all = windows.map(side);
  const warm = warmOf(windows);
  const total = (count: Reading) => all.reduce((sum, measurements) => sum + (count(measurements) ?? 0), 0);
  const average = (reading: Reading) => averageOf(warm, (window) => reading(side(window)));
  return {
    version: all.at(-1)?.version ?? '',
    requests: total(({ requests }) => requests),
    failures: total(({ failures }) => failures),
    latency: warm.map((window) => side(window).latency).reduce(added, []),
    saturation: {
      eventLoopLagSeconds: average(({ saturation }) => saturation.eventLoopLagSeconds),
      residentBytes: all.at(-1)?.saturation.residentBytes ?? null,
      residentBytesPerSecond: average(({ saturation }) => saturation.residentBytesPerSecond),
    },
    newLogTemplates: mergedTemplates(all.flatMap(({ newLogTemplates }) => newLogTemplates)),
    restarts: total(({ restarts }) => restarts),
    silentSeconds: silenceAtEnd(windows, side),
    routes: mergedRoutes(all.flatMap(({ routes = [] }) => routes)),
  };
}

/** A window of silence from its beginning goes on with that of the one before. */
function silenceAtEnd(
  windows: readonly CanaryWindow[],
  side: (window: CanaryWindow) => VersionMeasurements,
): number {
  let silent = 0;
  for (const window of windows.toReversed()) {
    const { silentSeconds = 0 } = side(window);
    silent += silentSeconds;
    if (silentSeconds < window.seconds) break;
  }
  return silent;
}

/** A window without an answer has no buckets and takes none away. */
function added(one: Latency, other: Latency): Latency {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  return commonBounds(one, other).map((upToSeconds) => ({
    upToSeconds,
    count: answersWithin(one, upToSeconds) + answersWithin(other, upToSeconds),
  }));
}

function averageOf(
  windows: readonly CanaryWindow[],
  reading: (window: CanaryWindow) => number | null,
): number | null {
  let [sum, seconds] = [0, 0];
  for (const window of windows) {
    const value = reading(window);
    if (value === null) continue;
    sum += value * window.seconds;
    seconds += window.seconds;
  }
  return seconds === 0 ? null : sum / seconds;
}

function mergedRoutes(counts: readonly RouteCount[]): RouteCount[] {
  const merged = new Map<string, number>();
  for (const { route, requests } of counts) merged.set(route, requests + (merged.get(route) ?? 0));
  return [...merged].map(([route, requests]) => ({ route, requests }));
}

function mergedTemplates(templates: readonly LogTemplate[]): LogTemplate[] {
  const merged = new Map<string, LogTemplate>();
  for (const { template, severity, count } of templates) {
    const key = `${severity} ${template}`;
    merged.set(key, { template, severity, count: count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()];
}
