/** What goes wrong becomes a null sample with a reason; it never becomes an exception. */
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { chooseSource } from '../src/collect/choose-source.js';
import { startCollecting } from '../src/collect/clock.js';
import { fetchText } from '../src/collect/fetch-text.js';
import { readAnswer } from '../src/collect/prometheus-source.js';
import { createScrapeSource } from '../src/collect/scrape-source.js';
import { signals } from '../src/signals.js';
import type { SignalSample } from '../src/signals.js';
import { freePort } from 'service-chassis/free-port';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** An address at which nobody listens. */
const nobody = async () => `http://127.0.0.1:${await freePort()}`;

const timeoutMs = 200;
const only = (...ids: string[]) => signals.filter(({ id }) => ids.includes(id));
const prometheusAt = (url: string, list = signals, patienceMs = timeoutMs) =>
  chooseSource({ signals: list, fetchText, prometheusUrl: url, targets: [], timeoutMs: patienceMs });
const scrape = (targets: { job: string; url: string }[], list = signals) =>
  createScrapeSource({ signals: list, fetchText, targets, windowMs: 15_000, timeoutMs });

describe('Prometheus', () => {
  test('that is not there gives every signal the reason', async () => {
    const url = await nobody();
    const samples = await prometheusAt(url, signals, 10_000).sample(1_000);
    expect(samples.map(({ signalId }) => signalId)).toEqual(signals.map(({ id }) => id));
    expect(new Set(samples.map(({ value }) => value))).toEqual(new Set([null]));
    expect(new Set(samples.map(({ because }) => because))).toEqual(
      new Set([`Prometheus at ${new URL(url).host} refused the connection`]),
    );
  });

  test('that never answers costs one deadline for all signals together', async () => {
    let asked = 0;
    const hanging = await serve(() => (asked += 1));
    const samples = await prometheusAt(hanging).sample(1_000);
    expect(samples).toHaveLength(signals.length);
    expect(asked).toBeLessThan(signals.length);
    for (const { because } of samples) expect(because).toMatch(/did not answer in time$/);
  });

  test('that refuses a query is quoted', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(422).end('{"error":"too many samples"}'),
    );
    const [sample] = await prometheusAt(url).sample(1_000);
    expect(sample?.because).toMatch(
      /^Prometheus at 127.0.0.1:\d+ answered 422: \{"error":"too many samples"\}$/,
    );
  });

  test('is asked about the instant of the round, with the PromQL of the signal', async () => {
    const asked: URLSearchParams[] = [];
    const url = await serve((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://x').searchParams);
      response.end(
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1.5,"0"]}]}}',
      );
    });
    expect(await prometheusAt(url, only('aiops/up')).sample(1_500)).toEqual([
      { signalId: 'aiops/up', at: 1_500, value: 0 },
    ]);
    expect(asked.map((query) => Object.fromEntries(query))).toEqual([
      { query: 'min(up{job="aiops"})', time: '1.500' },
    ]);
  });

  const answer = (resultType: string, ...values: string[]) =>
    JSON.stringify({
      status: 'success',
      data: { resultType, result: values.map((value) => ({ metric: {}, value: [1, value] })) },
    });

  const failed = (what: string) => ({ kind: 'failed', because: `Prometheus answered ${what}` });

  test.each([
    ['a number', answer('vector', '0.75'), { kind: 'number', value: 0.75 }],
    ['not a number', answer('vector', 'NaN'), { kind: 'number', value: Number.NaN }],
    ['an empty vector', answer('vector'), { kind: 'nothing' }],
    ['two values', answer('vector', '1', '2'), failed('2 values where one was asked for')],
    ['no number', answer('vector', 'many'), failed('a value that is no number')],
    ['a matrix', answer('matrix', '1'), failed('something else than a vector')],
    ['an error', '{"status":"error","error":"x"}', failed('something else than a vector')],
    ['a login page', '<html>', failed('something else than a vector')],
  ])('answering %s', (_what, body, expected) => {
    expect(readAnswer(body)).toEqual(expected);
  });
});

describe('the scraper', () => {
  test('answers from the second round on, and tells why not before', async () => {
    let departures = 10;
    const url = await serve((_request, response) =>
      response.end(`replay_flights_total ${(departures += 4)}\n`),
    );
    const source = scrape([{ job: 'replay', url }], only('replay/departure-rate', 'replay/up'));
    expect(await source.sample(100_000)).toEqual([
      {
        signalId: 'replay/departure-rate',
        at: 100_000,
        value: null,
        because: 'fewer than two samples of replay_flights_total from replay in the last 15 s',
      },
      { signalId: 'replay/up', at: 100_000, value: 1 },
    ]);
    // 4 in 2 s, stretched to 3 s by half an interval at the window's start, in a window of 15 s.
    expect(await source.sample(102_000)).toMatchObject([{ value: (4 * 1.5) / 15 }, { value: 1 }]);
  });

  test('tells no traffic from no data', async () => {
    const url = await serve((request, response) => {
      const count = 'http_server_request_duration_seconds_count{http_route="/v1/predict"} 7\n';
      response.end(request.url === '/metrics' ? count : '');
    });
    const source = scrape(
      [{ job: 'model-server', url }],
      only('model-server/error-ratio', 'aiops/error-ratio'),
    );
    await source.sample(100_000);
    expect(await source.sample(102_000)).toMatchObject([
      { value: null, because: 'no traffic in the last 15 s' },
      { value: null, because: expect.stringMatching(/^fewer than two samples of .* from aiops/) },
    ]);
  });

  test('is not held up by a service that hangs, and sees it down', async () => {
    const hanging = await serve(() => {});
    const gone = await nobody();
    const well = await serve((_request, response) => response.end('process_resident_memory_bytes 5e7\n'));
    const source = scrape(
      [
        { job: 'model-server', url: hanging },
        { job: 'replay', url: gone },
        { job: 'aiops', url: well },
      ],
      only('model-server/up', 'replay/up', 'aiops/up', 'aiops/resident-memory', 'replay/resident-memory'),
    );
    const samples = await source.sample(100_000);
    expect(Object.fromEntries(samples.map(({ signalId, value }) => [signalId, value]))).toEqual({
      'model-server/up': 0,
      'replay/up': 0,
      'aiops/up': 1,
      'aiops/resident-memory': 5e7,
      'replay/resident-memory': null,
    });
    expect(source.targets()).toEqual([
      expect.objectContaining({
        job: 'model-server',
        state: 'down',
        because: expect.stringMatching(/not answer in time/),
      }),
      expect.objectContaining({ job: 'replay', state: 'down', because: expect.stringMatching(/refused/) }),
      expect.objectContaining({ job: 'aiops', state: 'up', samples: 1, malformed: 0 }),
    ]);
  });

  test('counts malformed lines and keeps the rest', async () => {
    const url = await serve((_request, response) =>
      response.end('what is this\nprocess_resident_memory_bytes 1\n'),
    );
    const source = scrape([{ job: 'aiops', url }], only('aiops/resident-memory'));
    expect(source.targets()).toEqual([{ job: 'aiops', url, state: 'waiting' }]);
    expect(await source.sample(1)).toMatchObject([{ value: 1 }]);
    expect(source.targets()).toMatchObject([
      { malformed: 1, because: 'line 1: expected a number as the value' },
    ]);
  });

  test('stops reading an answer without end', async () => {
    const url = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    const fetched = await fetchText(url, { deadline: AbortSignal.timeout(10_000), maxBytes: 1_000_000 });
    const because = `${new URL(url).host} answered more than 1000000 bytes`;
    expect(fetched).toEqual({ ok: false, answered: true, because });
  });

  test('takes over where no Prometheus is configured', () => {
    const common = { signals, fetchText, targets: [] };
    expect(chooseSource({ ...common, prometheusUrl: undefined }).name).toBe('scrape');
    expect(chooseSource({ ...common, prometheusUrl: 'http://127.0.0.1:1' }).name).toBe('prometheus');
  });
});

describe('the clock', () => {
  test('keeps asking, one round at a time, though a reader fails', async () => {
    let inFlight = 0;
    let mostInFlight = 0;
    const failures: unknown[] = [];
    const rounds: SignalSample[][] = [];
    await new Promise<void>((resolve) => {
      const collecting = startCollecting({
        everyMs: 5,
        source: {
          name: 'scrape',
          sample: async (at) => {
            inFlight += 1;
            mostInFlight = Math.max(mostInFlight, inFlight);
            await new Promise((done) => setImmediate(done));
            inFlight -= 1;
            return [{ signalId: 'x', at, value: 1 }];
          },
        },
        onSamples: async (samples) => {
          rounds.push(samples);
          if (rounds.length === 2) throw new Error('the reader fails');
          if (rounds.length === 4) void collecting.stop().then(resolve);
        },
        onFailure: (error) => failures.push(error),
      });
    });
    expect(rounds).toHaveLength(4);
    expect(mostInFlight).toBe(1);
    expect(failures).toEqual([new Error('the reader fails')]);
    const times = rounds.map(([sample]) => sample?.at ?? 0);
    expect([...times].sort((a, b) => a - b)).toEqual(times);
  });
});
