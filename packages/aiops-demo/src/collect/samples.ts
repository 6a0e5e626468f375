/**
 * Keeps the last scraped samples of every series, as Prometheus' database would, but only a few minutes of them.
 *
 * in: one scrape after another → out: Series for `evaluate.ts`
 *
 * Rule: a scraped sample gets the labels `job` and `instance` of its target, and the time at which the scrape began.
 * Each target has a series `up`: 1 after a scrape that worked, else 0. A series that is missing from its target's newest scrape is
 * marked stale, so that a gauge of a stopped process ends at once and does not stand still.
 * Bounds: samples older than `keepMs` are dropped, and so is a new series beyond `maxSeries` (counted in `refused`).
 * Misleads when: a process restarts faster than a scrape, because then nothing is ever missing.
 * Simplification: timestamps in the exposition are ignored (`honor_timestamps: false` in Prometheus' terms).
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness (2.42).
 *
 * Example: scrape 1 has x=5, scrape 2 lacks x → points of x: [5, 'stale']
 */
import type { ExpositionSample } from './exposition.js';
import type { Labels } from './exposition-labels.js';
import { matches } from './matches.js';
import type { Selector } from './query.js';

/** One sample, or the mark that its series has ended. `at` is in milliseconds. */
export interface Point {
  at: number;
  value: number | 'stale';
}

export interface Series {
  labels: Labels;
  /** Oldest first. */
  points: readonly Point[];
}

/** What is scraped: `job` is the service's name, `instance` its host and port. */
export interface Target {
  job: string;
  instance: string;
}

export interface SampleStore {
  /** Takes what one scrape found; `undefined` when the scrape failed. */
  record: (target: Target, at: number, scraped: readonly ExpositionSample[] | undefined) => Recorded;
  select: (selector: Selector) => Series[];
  size: () => { series: number; refused: number };
}

/** What was odd about one scrape. */
export interface Recorded {
  /** Counters lower than in the scrape before. */
  resets: number;
  /** New series beyond the limit. */
  refused: number;
}

export interface SampleBounds {
  keepMs: number;
  maxSeries: number;
  /** Metrics to keep; the others are dropped unread. */
  metrics: ReadonlySet<string>;
}

interface StoredSeries {
  labels: Labels;
  points: Point[];
}

export function createSampleStore(bounds: SampleBounds): SampleStore {
  const byMetric = new Map<string, Map<string, StoredSeries>>();
  /** The series each target had in its last scrape: those missing from the next become stale. */
  const alive = new Map<string, Set<StoredSeries>>();
  let seriesCount = 0;
  let refused = 0;
  let newest = Number.NEGATIVE_INFINITY;

  function append(metric: string, labels: Labels, point: Point): StoredSeries | undefined {
    const family = byMetric.get(metric) ?? new Map<string, StoredSeries>();
    byMetric.set(metric, family);
    const key = seriesKey(labels);
    let series = family.get(key);
    if (series === undefined) {
      if (seriesCount >= bounds.maxSeries) {
        refused += 1;
        return undefined;
      }
      series = { labels, points: [] };
      family.set(key, series);
      seriesCount += 1;
    }
    push(series, point);
    return series;
  }

  function forgetOld(before: number): void {
    for (const family of byMetric.values())
      for (const [key, series] of family) {
        const firstKept = series.points.findIndex((point) => point.at >= before);
        if (firstKept > 0) series.points.splice(0, firstKept);
        if (firstKept !== -1) continue;
        family.delete(key);
        seriesCount -= 1;
      }
  }

  return {
    record(target, at, scraped) {
      if (at < newest) {
        // The clock was set back. What is kept lies in the future now and would hide everything new.
        byMetric.clear();
        alive.clear();
        seriesCount = 0;
      }
      newest = at;
      const now = new Set<StoredSeries>();
      const refusedBefore = refused;
      let resets = 0;
      for (const { name, labels, value } of scraped ?? []) {
        if (!bounds.metrics.has(name)) continue;
        const series = append(name, withTarget(labels, target), { at, value });
        if (series === undefined) continue;
        now.add(series);
        if (COUNTER.test(name) && hasFallen(series)) resets += 1;
      }
      const key = `${target.job} ${target.instance}`;
      for (const series of alive.get(key) ?? []) if (!now.has(series)) push(series, { at, value: 'stale' });
      alive.set(key, now);
      append('up', withTarget(new Map(), target), { at, value: scraped === undefined ? 0 : 1 });
      forgetOld(at - bounds.keepMs);
      return { resets, refused: refused - refusedBefore };
    },
    select(selector) {
      const family = byMetric.get(selector.metric) ?? new Map<string, StoredSeries>();
      return [...family.values()].filter((series) => matches(series.labels, selector.where));
    },
    size: () => ({ series: seriesCount, refused }),
  };
}

/** What only grows, by the naming rules of Prometheus; a histogram's parts are counters too. */
const COUNTER = /_(?:total|count|sum|bucket)$/;

function hasFallen({ points }: StoredSeries): boolean {
  const [before, newest] = points
    .slice(-3)
    .filter(({ value }) => value !== 'stale')
    .slice(-2);
  return before !== undefined && newest !== undefined && Number(newest.value) < Number(before.value);
}

/** A series twice in one scrape: the first counts, as in Prometheus. */
function push(series: StoredSeries, point: Point): void {
  if (series.points.at(-1)?.at !== point.at) series.points.push(point);
}

/** The target's labels win; what they displace is kept as `exported_...`, as in Prometheus. */
function withTarget(labels: Labels, target: Target): Labels {
  const all = new Map(labels);
  for (const [name, value] of [
    ['job', target.job],
    ['instance', target.instance],
  ] as const) {
    const displaced = all.get(name);
    if (displaced !== undefined) all.set(`exported_${name}`, displaced);
    all.set(name, value);
  }
  return all;
}

function seriesKey(labels: Labels): string {
  return JSON.stringify([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));
}
