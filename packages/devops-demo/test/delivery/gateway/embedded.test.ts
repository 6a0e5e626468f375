import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createBalance } from '../../../src/delivery/gateway/balance.js';
import { createMetrics } from 'service-chassis';
import { mergeExpositions } from '../../../src/delivery/gateway/merge-expositions.js';
import { whomToAsk } from '../../../src/delivery/gateway/own-affairs.js';
import { endToEnd } from '../../../src/delivery/gateway/headers.js';
import { mayRetry } from '../../../src/delivery/gateway/retry.js';
import { embeddedGateway } from '../../../src/delivery/gateway/embedded.js';
import { seedRandom } from '../../../bench/canary/seeded-random.js';
import { startBackend, startEmbedded } from './gateways.js';

function seeded(seed: number): () => number {
  const random = seedRandom(seed);
  return () => random.uniform();
}

describe('a block of shuffled slots', () => {
  const chosen = (weights: Record<string, number>, times: number, seed = 2001) => {
    const backends = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
    const next = createBalance(seeded(seed));
    return Array.from({ length: times }, () => next(backends)?.name);
  };
  const canaryAt = (weight: number, times: number, seed?: number) =>
    chosen({ primary: 100 - weight, canary: weight }, times, seed).flatMap((name, at) =>
      name === 'canary' ? [at] : [],
    );

  it('gives each its exact share of every block of a hundred', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), fc.integer(), (weight, seed) => {
        const at = canaryAt(weight, 300, seed);
        for (const block of [0, 1, 2])
          expect(at.filter((request) => Math.floor(request / 100) === block)).toHaveLength(weight);
      }),
      { seed: 2001 },
    );
  });

  const periods = Array.from({ length: 19 }, (_, n) => n + 2);
  it.each([5, 10, 25, 50])('at %i % the canary meets every kind of a periodic traffic', (weight) => {
    const at = canaryAt(weight, 5_000);
    const missed = periods.filter((period) => new Set(at.map((n) => n % period)).size < period);
    expect(missed).toEqual([]);
  });

  it('the same seed gives the same order, and the same shares again go on with their block', () => {
    expect(canaryAt(5, 1_000)).toEqual(canaryAt(5, 1_000));
    const next = createBalance(seeded(7));
    const renewed = Array.from({ length: 100 }, () => next([{ ...BLUE }, { ...GREEN }])?.name);
    expect(renewed.filter((name) => name === 'green')).toHaveLength(5);
  });

  it('chooses nobody without weight', () => {
    expect(chosen({ a: 0 }, 1)).toEqual([undefined]);
  });
});

const BLUE = { name: 'blue', weight: 95 };
const GREEN = { name: 'green', weight: 5 };

describe('retry', () => {
  const failed = { connected: true, reused: true, method: 'GET', bodyKept: true, tries: 1 };
  it.each([
    ['what was never sent, whatever it is', { connected: false, method: 'POST', bodyKept: false }, true],
    ['an idempotent request on a stale connection', {}, true],
    ['a POST on a stale connection', { method: 'POST' }, false],
    ['a streamed PUT on a stale connection', { method: 'PUT', bodyKept: false }, false],
    ['a GET on a fresh connection', { reused: false }, false],
    ['anything for ever', { connected: false, tries: 4 }, false],
  ])('%s', (_what, change, may) => {
    expect(mayRetry({ ...failed, ...change })).toBe(may);
  });
});

describe('requests about an instance', () => {
  it.each([
    ['/metrics', 'everybody'],
    ['/readyz', 'primary'],
    ['/version', 'primary'],
    ['/v1/faults?x=1', 'primary'],
    ['/v1/flights', 'traffic'],
    ['/metricsandmore', 'traffic'],
    ['/', 'traffic'],
  ])('%s is asked of %s', (path, whom) => {
    expect(whomToAsk(path)).toBe(whom);
  });

  it('metrics of two versions are one page, each metric in one group', () => {
    const blue = '# HELP up Is it?\n# TYPE up gauge\nup 1\n# TYPE hits counter\nhits{a="b"} 2\n';
    const green = '# HELP up Is it?\n# TYPE up gauge\nup 3\n# TYPE hits counter\nhits{a="b"} 4\n';
    expect(
      mergeExpositions([
        { slot: 'blue', text: blue },
        { slot: 'green', text: green },
      ]),
    ).toBe(
      `# HELP up Is it?
# TYPE up gauge
up{slot="blue"} 1
up{slot="green"} 3
# TYPE hits counter
hits{slot="blue",a="b"} 2
hits{slot="green",a="b"} 4
`,
    );
  });

  it('a page of any metrics loses no sample', async () => {
    const registry = createMetrics({ service: 'a' });
    const text = await registry.metrics();
    const merged = mergeExpositions([
      { slot: 'blue', text },
      { slot: 'green', text },
    ]);
    const samples = (page: string) => page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples(merged)).toHaveLength(2 * samples(text).length);
    expect(samples(merged).every((line) => /slot="(?:blue|green)"/.test(line))).toBe(true);
  });

  it('probes take no share of the weights, and metrics come from both', async () => {
    const started = await startEmbedded();
    const [blue, green] = [
      await startBackend('blue', (_request, response) => response.end('hits 1\n')),
      await startBackend('green', (_request, response) => response.end('hits 2\n')),
    ];
    await started.gateway.setBackends([
      { name: 'blue', url: blue.url, weight: 75 },
      { name: 'green', url: green.url, weight: 25 },
    ]);
    for (let n = 0; n < 8; n++) await fetch(`${started.url}/readyz`);
    expect([blue.seen.length, green.seen.length]).toEqual([8, 0]);
    const page = await (await fetch(`${started.url}/metrics`)).text();
    expect(page).toBe('hits{slot="blue"} 1\nhits{slot="green"} 2\n');
    green.close();
    expect(await (await fetch(`${started.url}/metrics`)).text()).toBe('hits{slot="blue"} 1\n');
    blue.close();
    expect((await fetch(`${started.url}/metrics`)).status).toBe(503);
    await started.close();
  });
});

it('headers of one connection end at the gateway', () => {
  const raw = [
    'Host',
    'board',
    'Connection',
    'keep-alive, X-Mine',
    'x-mine',
    '1',
    'TE',
    'trailers',
    'Accept',
    '*/*',
  ];
  expect(endToEnd(raw)).toEqual(['Host', 'board', 'Accept', '*/*']);
});

describe('the embedded gateway', () => {
  const closes: (() => unknown)[] = [];
  afterEach(async () => {
    for (const close of closes.splice(0)) await close();
  });
  async function before(...given: Parameters<typeof startBackend>) {
    const [started, backend] = [await startEmbedded(), await startBackend(...given)];
    closes.push(
      () => backend.close(),
      async () => started.close(),
    );
    await started.gateway.setBackends([{ name: backend.name, url: backend.url, weight: 100 }]);
    return { ...started, backend };
  }

  it('asks once more after a stale connection, but never sends a POST twice', async () => {
    let stale = false;
    const { url, backend } = await before('blue', (request, response) => {
      if (stale) {
        stale = false;
        request.socket.destroy();
      } else response.end('ok');
    });
    expect((await fetch(url)).status).toBe(200);
    stale = true;
    expect((await fetch(url)).status).toBe(200);
    expect(backend.seen.length).toBe(3);
    stale = true;
    const post = await fetch(url, { method: 'POST', body: 'once' });
    expect([post.status, backend.seen.length]).toEqual([502, 4]);
  });

  it('an answer that breaks off is not made whole', async () => {
    const { url } = await before('blue', (request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => request.socket.destroy());
    });
    await expect(fetch(url).then(async (response) => response.text())).rejects.toThrow();
  });

  it('a client that gives up frees the backend', async () => {
    let gone = false;
    const { url, backend } = await before('blue', (_request, response) => {
      response.once('close', () => (gone = true));
    });
    const client = new AbortController();
    const asked = fetch(url, { signal: client.signal }).catch(() => 'gave up');
    await expect.poll(() => backend.seen.length).toBe(1);
    client.abort();
    expect(await asked).toBe('gave up');
    await expect.poll(() => gone).toBe(true);
  });

  it('stops without dropping what it has taken', async () => {
    const gateway = await before('blue', (_request, response) => {
      setTimeout(() => response.end('in time'), 200);
    });
    const answer = fetch(gateway.url).then(async (response) => response.text());
    await expect.poll(() => gateway.backend.seen.length).toBe(1);
    await gateway.close();
    expect(await answer).toBe('in time');
    const refused = await new Promise((resolve) => {
      connect(Number(new URL(gateway.url).port), '127.0.0.1')
        .once('error', () => resolve(true))
        .once('connect', () => resolve(false));
    });
    expect(refused).toBe(true);
  });

  it('obeys only the bearer of the token', async () => {
    const { adminUrl, gateway, backend } = await before('blue');
    const stranger = embeddedGateway({ adminUrl, token: 'a-guess-of-enough-length', fetch });
    await expect(stranger.setBackends([{ name: 'x', url: backend.url, weight: 100 }])).rejects.toThrow('401');
    await expect(stranger.backends()).rejects.toThrow('401');
    expect(await gateway.backends()).toHaveLength(1);
  });
});
