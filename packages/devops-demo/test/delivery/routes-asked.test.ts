import { expect, it } from 'vitest';
import { routesAsked } from '../../src/delivery/routes-asked.js';

const counted = (http_request_method: string, http_route: string, status: string, value: number) => ({
  metricName: 'http_server_request_duration_seconds_count',
  labels: { http_request_method, http_route, http_response_status_code: status },
  value,
});

it('counts by method and path template, whatever the status, and the board only', () => {
  const readings = [
    [counted('GET', '/v1/flights', '200', 10), counted('GET', '/livez', '200', 1)],
    [
      counted('GET', '/v1/flights', '200', 14),
      counted('GET', '/v1/flights', '500', 2),
      counted('PUT', '/v1/flights/:flightId/outcome', '200', 9),
      counted('GET', '/livez', '200', 60),
    ],
  ];
  expect(routesAsked(readings)).toEqual([
    { route: 'PUT /v1/flights/:flightId/outcome', requests: 9 },
    { route: 'GET /v1/flights', requests: 6 },
  ]);
});

it('a process that was started again begins at nothing', () => {
  const reading = (value: number) => [counted('GET', '/v1/flights', '200', value)];
  expect(routesAsked([reading(100), reading(110), reading(3)])).toEqual([
    { route: 'GET /v1/flights', requests: 13 },
  ]);
  expect(routesAsked([])).toEqual([]);
});
