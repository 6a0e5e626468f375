/** One contract for both gateways. The part of HAProxy is skipped where there is no `haproxy` on the path. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { haproxyIsHere, startBackend, startEmbedded, startHaproxy } from './gateways.js';
import type { StartedGateway } from './gateways.js';

const NOBODY = 'http://127.0.0.1:9';

/** How many requests of five hundred a share may be off: the embedded gateway deals blocks of a hundred, HAProxy draws lots. */
const both: [string, () => Promise<StartedGateway>, boolean, (weight: number) => number][] = [
  ['the embedded gateway', startEmbedded, true, () => 0],
  [
    'HAProxy',
    startHaproxy,
    haproxyIsHere,
    (weight) => 0.75 * weight + 4 * Math.sqrt(0.05 * weight * (100 - weight)),
  ],
];
const skip = (name: string) => {
  process.stdout.write(`contract of ${name}: skipped, it is not on the path\n`);
  return false;
};

const here = both.filter(([name, , isHere]) => isHere || skip(name));

describe.each(here)('%s', (_name, start, _isHere, mayBeOff) => {
  let started: StartedGateway;
  const closes: (() => void)[] = [];
  beforeAll(async () => {
    started = await start();
  });
  afterEach(() => closes.splice(0).forEach((close) => close()));
  afterAll(async () => started.close());

  async function backend(...given: Parameters<typeof startBackend>) {
    const made = await startBackend(...given);
    closes.push(() => made.close());
    return made;
  }
  const ask = async (path = '/', init?: RequestInit) => {
    const response = await fetch(`${started.url}${path}`, init);
    return { status: response.status, text: await response.text() };
  };
  async function namesOf(requests: number): Promise<string[]> {
    const names: string[] = [];
    for (let n = 0; n < requests; n++) names.push((await ask()).text);
    return names;
  }
  async function counted(requests: number): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const name of await namesOf(requests)) counts[name] = (counts[name] ?? 0) + 1;
    return counts;
  }

  it('says which backends it has', async () => {
    const [blue, green] = [await backend('blue'), await backend('green')];
    const backends = [
      { name: 'blue', url: blue.url, weight: 95 },
      { name: 'green', url: green.url, weight: 5 },
    ];
    await started.gateway.setBackends(backends);
    expect(await started.gateway.backends()).toEqual(backends);
    await started.gateway.setBackends([{ name: 'blue', url: blue.url, weight: 100 }]);
    expect(await started.gateway.backends()).toEqual([{ name: 'blue', url: blue.url, weight: 100 }]);
  });

  it('gives each backend its share, and of every kind of a periodic traffic', async () => {
    const [blue, green] = [await backend('blue'), await backend('green')];
    const split = async (weight: number) =>
      started.gateway.setBackends([
        { name: 'blue', url: blue.url, weight: 100 - weight },
        { name: 'green', url: green.url, weight },
      ]);
    for (const weight of [5, 25, 50]) {
      await split(weight);
      const greens = (await namesOf(500)).flatMap((name, at) => (name === 'green' ? [at] : []));
      const off = Math.abs(greens.length - 5 * weight);
      expect(off, `${greens.length} of 500 at ${weight} %`).toBeLessThanOrEqual(mayBeOff(weight));
      expect(new Set(greens.map((at) => at % 4)).size, `kinds of four at ${weight} %`).toBe(4);
    }
    await split(0);
    expect(await counted(200)).toEqual({ blue: 200 });
    await split(100);
    expect(await counted(200)).toEqual({ green: 200 });
  });

  it('weights that nobody renews end, and the fallback gets everything', async () => {
    const [blue, green] = [await backend('blue'), await backend('green')];
    const backends = [
      { name: 'blue', url: blue.url, weight: 50 },
      { name: 'green', url: green.url, weight: 50 },
    ];
    await started.gateway.setBackends(backends, { seconds: 60, fallback: 'green' });
    expect(Object.keys(await counted(60)).sort()).toEqual(['blue', 'green']);
    await started.gateway.setBackends(backends, { seconds: 1, fallback: 'green' });
    await expect.poll(async () => counted(60), { timeout: 20_000 }).toEqual({ green: 60 });
    await started.gateway.setBackends(backends);
    expect(Object.keys(await counted(60)).sort(), 'without a lease they stay').toEqual(['blue', 'green']);
    await expect(started.gateway.setBackends(backends, { seconds: 5, fallback: 'red' })).rejects.toThrow(
      'expected a lease that falls back to one of the backends, got red',
    );
  });

  it('drops nothing while weights change and backends come and go', async () => {
    const slow = async (name: string) =>
      backend(name, (request, response) => {
        request.resume();
        setTimeout(() => response.end(name), 5);
      });
    const failures: string[] = [];
    let answered = 0;
    const stop = new AbortController();
    const someMore = async () => {
      const enough = answered + 30;
      await expect.poll(() => answered, { interval: 10 }).toBeGreaterThan(enough);
    };
    const [blue, green] = [await slow('blue'), await slow('green')];
    await started.gateway.setBackends([{ name: 'blue', url: blue.url, weight: 100 }]);
    const clients = Array.from({ length: 8 }, async (_, client) => {
      while (!stop.signal.aborted) {
        const method = client % 2 === 0 ? 'POST' : 'GET';
        const { status } = await ask('/', { method, ...(method === 'POST' ? { body: 'x' } : {}) }).catch(
          (error: unknown) => ({ status: String(error) }),
        );
        answered += 1;
        if (status !== 200) failures.push(String(status));
      }
    });
    for (const weight of [5, 25, 50, 100]) {
      await started.gateway.setBackends([
        { name: 'blue', url: blue.url, weight: 100 - weight },
        { name: 'green', url: green.url, weight },
      ]);
      await someMore();
    }
    await started.gateway.setBackends([{ name: 'green', url: green.url, weight: 100 }]);
    blue.close();
    await someMore();
    stop.abort();
    await Promise.all(clients);
    expect(failures).toEqual([]);
  });

  it('returns when nothing is on its way to what lost its weight', async () => {
    let ended = false;
    const blue = await backend('blue', (_request, response) => {
      setTimeout(() => {
        ended = true;
        response.end('late');
      }, 300);
    });
    const green = await backend('green');
    await started.gateway.setBackends([{ name: 'blue', url: blue.url, weight: 100 }]);
    const answer = ask();
    await expect.poll(() => blue.seen.length).toBe(1);
    await started.gateway.setBackends([{ name: 'green', url: green.url, weight: 100 }]);
    expect(ended).toBe(true);
    expect(await answer).toEqual({ status: 200, text: 'late' });
  });

  it('streams bodies both ways, and keeps what a request says', async () => {
    const blue = await backend('blue', (request, response) => {
      response.writeHead(201, { 'x-method': request.method, 'x-path': request.url });
      request.pipe(response);
    });
    await started.gateway.setBackends([{ name: 'blue', url: blue.url, weight: 100 }]);
    const body = 'departures '.repeat(200_000);
    const response = await fetch(`${started.url}/v1/flights?limit=2`, { method: 'PUT', body });
    expect(response.status).toBe(201);
    expect(response.headers.get('x-path')).toBe('/v1/flights?limit=2');
    expect((await response.text()) === body).toBe(true);
  });

  it('sends a request elsewhere when a backend cannot be reached', async () => {
    const blue = await backend('blue');
    await started.gateway.setBackends([
      { name: 'blue', url: blue.url, weight: 50 },
      { name: 'green', url: NOBODY, weight: 50 },
    ]);
    for (const method of ['GET', 'POST']) {
      for (let n = 0; n < 4; n++) {
        expect((await ask('/', { method, ...(method === 'POST' ? { body: 'x' } : {}) })).text).toBe('blue');
      }
    }
  });

  it('answers 5xx at once when nobody can be reached', async () => {
    await started.gateway.setBackends([{ name: 'blue', url: NOBODY, weight: 100 }]);
    expect((await ask()).status).toBe(503);
  });

  it('counts what a backend got and never answered, and what it answered badly not among it', async () => {
    const green = await backend('green', ({ url, socket }, response) => {
      if (url === '/breaks-off') socket.end('no HTTP\r\n\r\n');
      else response.writeHead(500).end();
    });
    await started.gateway.setBackends([{ name: 'green', url: green.url, weight: 100 }]);
    const count = async () => (await started.gateway.unanswered?.())?.get('green') ?? 0;
    const before = await count();
    expect((await ask('/answers')).status).toBe(500);
    expect(await count()).toBe(before);
    expect((await ask('/breaks-off', { method: 'POST', body: 'x' })).status).toBe(502);
    await expect.poll(count).toBe(before + 1);
  });

  it('reuses connections to its backends', async () => {
    const blue = await backend('blue');
    await started.gateway.setBackends([{ name: 'blue', url: blue.url, weight: 100 }]);
    await counted(50);
    expect(blue.sockets.size).toBeLessThan(5);
  });

  it.each([
    ['weights that do not sum to 100', [{ name: 'blue', url: NOBODY, weight: 99 }]],
    [
      'half per cents',
      [
        { name: 'blue', url: NOBODY, weight: 99.5 },
        { name: 'green', url: NOBODY, weight: 0.5 },
      ],
    ],
    ['nobody', []],
    [
      'a name twice',
      [
        { name: 'blue', url: NOBODY, weight: 50 },
        { name: 'blue', url: NOBODY, weight: 50 },
      ],
    ],
  ])('refuses %s and stays as it was', async (_what, wrong) => {
    const before = await started.gateway.backends();
    await expect(started.gateway.setBackends(wrong)).rejects.toThrow('expected');
    expect(await started.gateway.backends()).toEqual(before);
  });
});
