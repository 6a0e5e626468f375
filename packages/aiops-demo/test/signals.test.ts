import { describe, expect, test } from 'vitest';
import { toPromql } from '../src/collect/promql.js';
import { signals } from '../src/signals.js';

const promqlOf = (id: string) => {
  const signal = signals.find((one) => one.id === id);
  return signal === undefined ? undefined : toPromql(signal.query, 15_000);
};

describe('the list of signals', () => {
  test('has each id once, and each begins with its service', () => {
    expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
    expect(signals.filter(({ id, service }) => !id.startsWith(`${service}/`))).toEqual([]);
  });

  test('asks every service whether it is up', () => {
    const services = new Set(signals.map(({ service }) => service));
    expect([...services].sort()).toEqual(['aiops', 'flights-api', 'model-server', 'replay']);
    for (const service of services) expect(promqlOf(`${service}/up`)).toBe(`min(up{job="${service}"})`);
  });

  test('gives every floor a size and a reason', () => {
    for (const { floor } of signals) {
      expect(floor.change).toBeGreaterThan(0);
      expect(floor.because).not.toBe('');
    }
  });

  test('holds ratios to a floor between 0 and 1', () => {
    const ratios = signals.filter(({ unit }) => unit === 'ratio');
    expect(ratios.filter(({ floor }) => floor.change >= 1)).toEqual([]);
  });

  test('asks only for metrics of the service itself', () => {
    for (const { query, service } of signals)
      for (const selector of query.kind === 'ratio' ? [query.part, query.whole] : [query.of])
        expect(selector.where['job']).toBe(service);
  });

  test('times the routes a user waits for', () => {
    expect(promqlOf('model-server/latency-p95')).toBe(
      'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket' +
        '{job="model-server",http_route="/v1/predict"}[15s])))',
    );
    expect(promqlOf('flights-api/latency-p95')).toBe(
      'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket' +
        '{job="flights-api",http_route=~"/v1/flights.*",http_request_method=~"POST|PUT"}[15s])))',
    );
  });

  test('counts 5xx and abandoned requests as errors', () => {
    const all = 'rate(http_server_request_duration_seconds_count{job="aiops",http_route="/v1/logs"}[15s])';
    const failed = all.replace('"/v1/logs"', '"/v1/logs",http_response_status_code=~"5..|499"');
    expect(promqlOf('aiops/error-ratio')).toBe(`(sum(${failed}) or 0 * sum(${all})) / sum(${all})`);
  });
});
