import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { analysisRun } from '../../src/delivery/analysis/analysis-run.js';
import { scrapedReadings } from '../../src/delivery/watch/scraped/server.js';
import { watchBoth } from '../../src/delivery/watch/server.js';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function listening(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1').unref());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const METRICS = `http_server_request_duration_seconds_count{http_request_method="GET",http_route="/v1/flights",http_response_status_code="200"} 900
process_start_time_seconds 1
`;
const healthy = async () => listening(createHttpServer((_request, response) => response.end(METRICS)));
/** As a process that was stopped (SIGSTOP): the system takes its connections, and nobody answers. */
const hanging = async () => listening(createServer());
const watched = (slot: 'blue' | 'green', url: string) => ({
  version: slot,
  slot,
  url,
  logFile: undefined,
  restarts: () => 0,
});

it('a canary that takes connections and never answers is judged a fail, whatever its histogram says', async () => {
  const [primary, canary] = [watched('blue', await healthy()), watched('green', await hanging())];
  const window = await watchBoth(primary, canary, 0.5, { readingsOf: scrapedReadings(2_000) });
  expect(window.canary).toMatchObject({ requests: 0, silentSeconds: window.seconds });
  expect(window.primary.silentSeconds).toBe(0);
  const windows = Array.from({ length: 9 }, () => ({
    ...window,
    seconds: 1.2,
    canary: { ...window.canary, silentSeconds: 1.2 },
  }));
  expect(analysisRun(windows)).toMatchObject({
    finished: true,
    verdict: { kind: 'fail', because: 'the canary has not answered its probe for 11 s, the primary has' },
  });
});

it('a canary that is gone is silent too', async () => {
  const window = await watchBoth(
    watched('blue', await healthy()),
    watched('green', 'http://127.0.0.1:9'),
    0.2,
    { readingsOf: scrapedReadings(2_000) },
  );
  expect(window.canary.silentSeconds).toBe(window.seconds);
});

it('two that answer are not silent, and a window without an answer is no reading of a new process', async () => {
  const window = await watchBoth(watched('blue', await healthy()), watched('green', await healthy()), 0.2);
  expect([window.primary.silentSeconds, window.canary.silentSeconds]).toEqual([0, 0]);
  expect([window.primary.requests, window.canary.requests]).toEqual([0, 0]);
});

it('what only the gateway knows of is a request that failed', async () => {
  const counts = [
    new Map([['green', 7]]),
    new Map([
      ['green', 10],
      ['blue', 1],
    ]),
  ];
  const unanswered = async () => Promise.resolve(counts.shift() ?? new Map<string, number>());
  const both = [watched('blue', await healthy()), watched('green', await healthy())] as const;
  const window = await watchBoth(...both, 0.2, { unanswered });
  expect(window.canary).toMatchObject({ requests: 3, failures: 3 });
  expect(window.primary).toMatchObject({ requests: 1, failures: 1 });
});

it('a gateway that does not tell, or was started again, is no fault of the canary', async () => {
  const both = [watched('blue', await healthy()), watched('green', await healthy())] as const;
  const silent = await watchBoth(...both, 0.2, { unanswered: async () => Promise.reject(new Error('gone')) });
  expect(silent.canary.failures).toBe(0);
  const counts = [new Map([['green', 7]]), new Map([['green', 2]])];
  const unanswered = async () => Promise.resolve(counts.shift() ?? new Map<string, number>());
  expect((await watchBoth(...both, 0.2, { unanswered })).canary.failures).toBe(2);
});
