import { expect, it } from 'vitest';
import { measure } from '../../src/delivery/measure.js';
import { answered, silenceAtEnd, wasUp } from '../../src/delivery/probes.js';

const count = (value: number) => ({
  metricName: 'http_server_request_duration_seconds_count',
  labels: { http_request_method: 'GET', http_route: '/v1/flights', http_response_status_code: '200' },
  value,
});
const up = (seconds: number, requests: number) => ({ seconds, values: [count(requests), wasUp(true)] });
const down = (seconds: number) => ({ seconds, values: [wasUp(false)] });

it('silence lasts from the last answer to the last probe', () => {
  expect(silenceAtEnd([up(100, 1), down(105), down(112)], 20)).toBe(12);
  expect(silenceAtEnd([down(100), up(112, 1)], 20), 'it answers again').toBe(0);
  expect(silenceAtEnd([down(100), down(110)], 12.5), 'the whole window').toBe(12.5);
  expect(silenceAtEnd([], 20), 'nobody probed').toBe(0);
});

it('a probe without an answer counts nothing, and is not taken for a restart', () => {
  const readings = [up(100, 50), down(105), up(110, 60)];
  expect(answered(readings)).toHaveLength(2);
  expect(measure({ version: '1', readings, newLogTemplates: [], restarts: 0, seconds: 10 })).toMatchObject({
    requests: 10,
    silentSeconds: 0,
  });
});
