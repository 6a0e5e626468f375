import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { readSamples } from 'service-chassis/exposition';
import { expect, it, vi } from 'vitest';
import { measure } from '../../src/delivery/measure.js';
import { readingsOfMatrix } from '../../src/delivery/watch/prometheus-matrix.js';
import { prometheusReadings } from '../../src/delivery/watch/prometheus/server.js';

const ROUTE = 'http_request_method="GET",http_route="/v1/flights",http_response_status_code="200"';
const NAME = 'http_server_request_duration_seconds';
const scrapes = [
  { seconds: 100, count: 10, fast: 8, memory: 50e6 },
  { seconds: 102, count: 30, fast: 24, memory: 51e6 },
  { seconds: 104, count: 60, fast: 50, memory: 52e6 },
];
const labels = {
  http_request_method: 'GET',
  http_route: '/v1/flights',
  http_response_status_code: '200',
  job: 'flights-api',
  slot: 'green',
};
const series = (metric: Record<string, string>, value: (scrape: (typeof scrapes)[number]) => number) => ({
  metric,
  values: scrapes.map((scrape) => [scrape.seconds, String(value(scrape))] as [number, string]),
});
const matrix = [
  series({ __name__: `${NAME}_bucket`, le: '0.1', ...labels }, ({ fast }) => fast),
  series({ __name__: `${NAME}_bucket`, le: '+Inf', ...labels }, ({ count }) => count),
  series({ __name__: `${NAME}_count`, ...labels }, ({ count }) => count),
  series({ __name__: 'process_resident_memory_bytes' }, ({ memory }) => memory),
];

it('what Prometheus scraped measures the same as what is scraped here', () => {
  const scraped = scrapes.map(({ seconds, count, fast, memory }) => ({
    seconds,
    values: readSamples(`${NAME}_bucket{le="0.1",${ROUTE}} ${fast}
${NAME}_bucket{le="+Inf",${ROUTE}} ${count}
${NAME}_count{${ROUTE}} ${count}
process_resident_memory_bytes ${memory}
`).map(({ name, ...sample }) => ({ metricName: name, ...sample })),
  }));
  const measured = (readings: Parameters<typeof measure>[0]['readings']) =>
    measure({ version: '1', readings, newLogTemplates: [], restarts: 0 });
  expect(measured(readingsOfMatrix(matrix))).toEqual(measured(scraped));
  expect(measured(scraped)).toMatchObject({
    requests: 50,
    failures: 0,
    routes: [{ route: 'GET /v1/flights', requests: 50 }],
  });
});

it('asks for raw samples of one slot, over the window only', async () => {
  const asked: string[] = [];
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    asked.push(new URLSearchParams(await text(request)).get('query') ?? '');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result: matrix } }));
  }
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const source = prometheusReadings(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const version = { version: '1', slot: 'green', url: '', logFile: undefined, restarts: () => 0 } as const;
  const readings = await source(version).readings(19.2);
  server.close();
  expect(readings.map(({ seconds }) => seconds)).toEqual([100, 102, 104]);
  expect(asked).toEqual([expect.stringMatching(/^\{job="flights-api",slot="green",.*\}\[20s\]$/)]);
});

it('a Prometheus that answers 503 is asked three times, and then there are no readings', async () => {
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const source = prometheusReadings(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 0);
  const version = { version: '1', slot: 'green', url: '', logFile: undefined, restarts: () => 0 } as const;
  expect(await source(version).readings(20)).toEqual([]);
  server.close();
  expect(asked).toBe(3);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('it answered 503'));
  warn.mockRestore();
});
