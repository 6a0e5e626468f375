/**
 * Routes asked: how often was each kind of request answered in a window?
 *
 * in: readings of the request histogram, in time order → out: RouteCount[], most often asked first
 *
 * Rule: a kind is a method and a path template, as the histogram's labels have them.
 *
 *   routesAsked([{ POST /v1/flights: 10 }, { POST /v1/flights: 25 }]) // [{ route: 'POST /v1/flights', requests: 15 }]
 */
import { counterIncrease } from 'service-chassis/counter-increase';
import type { RouteCount } from './analysis/measurements.js';
import { isBoardRoute } from './traffic.js';
import type { HistogramValue } from './traffic.js';

type Counts = ReadonlyMap<string, number>;

export function routesAsked(readings: readonly (readonly HistogramValue[])[]): RouteCount[] {
  const total = new Map<string, number>();
  let before: Counts | undefined;
  for (const now of readings.map(countsOf)) {
    for (const [route, count] of before === undefined ? [] : now) {
      const grown = counterIncrease(before?.get(route) ?? 0, count);
      total.set(route, (total.get(route) ?? 0) + grown);
    }
    before = now;
  }
  return [...total]
    .map(([route, requests]) => ({ route, requests }))
    .filter(({ requests }) => requests > 0)
    .sort((a, b) => b.requests - a.requests);
}

function countsOf(values: readonly HistogramValue[]): Counts {
  const counts = new Map<string, number>();
  for (const { metricName = '', labels, value } of values) {
    if (!metricName.endsWith('_count') || !isBoardRoute(labels)) continue;
    const route = `${labels['http_request_method']} ${labels['http_route']}`;
    counts.set(route, (counts.get(route) ?? 0) + value);
  }
  return counts;
}
