import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { Admission } from '../../src/serve/admission.js';
import type { Place } from '../../src/serve/admission.js';
import { BATCH_LIMITS } from '../../src/serve/micro-batch.js';
import { REFUSALS, RefusalPace } from '../../src/serve/refusal-pace.js';
import { deploy, emptyRegistry, startServer } from './harness.js';
import type { TestServer } from './harness.js';
import { randomModel } from './world.js';

const FLIGHT = {
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 321,
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function server(batchLimits = BATCH_LIMITS): Promise<TestServer> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1');
  const started = await startServer(modelsDir, { batchLimits });
  await started.ready();
  return started;
}

const PATIENT = { timeout: 20_000 };

/** A bare connection, and what has come back on it. */
async function talk(port: number) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  await once(socket, 'connect');
  return {
    socket,
    received: () => received,
    statuses: () => [...received.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => status),
  };
}

describe('back-pressure', () => {
  it('of many requests at once each is answered or told to come again, and none hangs', async () => {
    // Waits so long that the eight places are taken when the others come.
    const small = await server({ ...BATCH_LIMITS, waitMs: 500, mostQuestions: 8 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => small.post('/v1/predict', { flights: [FLIGHT] })),
    );
    const statuses = answers.map(({ status }) => status);
    const [taken, refused] = [200, 429].map((wanted) => statuses.filter((status) => status === wanted));
    expect(taken?.length).toBeGreaterThanOrEqual(8);
    expect(refused?.length).toBeGreaterThan(0);
    expect((taken?.length ?? 0) + (refused?.length ?? 0)).toBe(200);
    const full = answers.find(({ status }) => status === 429);
    expect(full?.headers.get('retry-after')).toBe('1');
    expect(full?.headers.get('content-type')).toContain('application/problem+json');
    expect(await full?.json()).toMatchObject({
      title: 'Too many predictions',
      detail: '8 questions wait for their answer already; none is added. Ask again in 1 s.',
    });
    expect(await small.metric('model_server_refused_requests_total')).toBe(refused?.length);
    expect(await small.metric('model_server_predictions_total{model_version="m-1"}')).toBe(taken?.length);
    expect(await small.metric('model_server_waiting_requests')).toBe(0);
    expect(await small.predict([FLIGHT])).toHaveLength(1);
  });

  it('of a refused question nothing is read, and its connection lives on', async () => {
    const head = 'POST /v1/predict HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n';
    // Whoever reads this answers 400.
    const text = '{"flights": [';
    const question = `${head}content-length: ${text.length}\r\n\r\n${text}`;
    const full = await server({ ...BATCH_LIMITS, mostQuestions: 0 });
    const { socket, received, statuses } = await talk(full.port);
    for (const sent of [1, 2, 3]) {
      socket.write(question);
      await expect.poll(() => statuses().length, PATIENT).toBe(sent);
    }
    expect(statuses()).toEqual(['429', '429', '429']);
    expect(received()).toContain('retry-after: 1');
    expect(received()).not.toContain('Connection: close');
    await expect
      .poll(() => full.lines.find((line) => line.startsWith('429 for')), PATIENT)
      .toMatch(/^429 for [123] questions in the last second: 0 waited for their answer$/);
    expect(full.lines.filter((line) => line.includes('answered 429'))).toEqual([]);

    const usual = await talk((await server()).port);
    usual.socket.write(question);
    await expect.poll(usual.statuses, PATIENT).toEqual(['400']);
  });

  it('a refused body that may be too long is not waited for: the connection ends', async () => {
    const full = await server({ ...BATCH_LIMITS, mostQuestions: 0 });
    for (const length of ['content-length: 99999999', 'transfer-encoding: chunked']) {
      const { socket, received, statuses } = await talk(full.port);
      const closed = once(socket, 'close');
      socket.write(`POST /v1/predict HTTP/1.1\r\nhost: test\r\n${length}\r\n\r\n`);
      await closed;
      expect(statuses()).toEqual(['429']);
      expect(received().toLowerCase()).toContain('connection: close');
    }
  });

  it('rows are counted, not only requests', async () => {
    const small = await server({ ...BATCH_LIMITS, waitMs: 3_000, batchRows: 2_000, mostRows: 1_000 });
    const flights = Array.from({ length: 600 }, () => FLIGHT);
    const first = small.post('/v1/predict', { flights });
    await expect.poll(async () => small.metric('model_server_waiting_requests')).toBe(1);
    const second = small.post('/v1/predict', { flights });
    const answers = await Promise.all([first, second]);
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  });

  it('concurrent single predictions pass through the network together, with the answers they get alone', async () => {
    const usual = await server({ ...BATCH_LIMITS, waitMs: 100 });
    const flights = Array.from({ length: 40 }, (_, index) => ({ ...FLIGHT, distanceMiles: 300 + index }));
    const together = await Promise.all(flights.map(async (flight) => usual.predict([flight])));
    const batches = await usual.metric('model_server_batch_rows_count');
    expect(batches).toBeLessThan(40);
    expect(await usual.metric('model_server_batch_rows_sum')).toBe(40);
    for (const at of [0, 19, 39])
      expect(await usual.predict(flights.slice(at, at + 1))).toEqual(together[at]);
  });
});

describe('admission', () => {
  const limits = { mostQuestions: 4, mostBytes: 1_000, patienceMs: 100 };

  it('bounds questions and bytes, and lets in whoever is alone, however large', () => {
    const admission = new Admission(limits);
    const large = admission.enter(5_000, 0);
    expect(large).toBeDefined();
    expect(admission.enter(1, 0)).toBeUndefined();
    large?.leave();
    const places = [1, 2, 3, 4].map(() => admission.enter(250, 0));
    expect(places.every((place) => place !== undefined)).toBe(true);
    expect(admission.enter(0, 0)).toBeUndefined();
    places[0]?.leave();
    places[0]?.leave();
    expect(admission.inside).toBe(3);
    expect(admission.enter(251, 0)).toBeUndefined();
    expect(admission.enter(250, 0)).toBeDefined();
  });

  it('who never comes to an end keeps nobody out for longer than twice the patience', () => {
    const admission = new Admission(limits);
    const slow = [0, 0, 99, 99].map((at) => admission.enter(1, at));
    expect(admission.enter(1, 100)).toBeUndefined();
    const next = admission.enter(1, 200);
    expect(next).toBeDefined();
    for (const place of slow) place?.leave();
    expect(admission.inside).toBe(1);
  });

  it('whatever comes and goes, the bounds hold and no place is lost', () => {
    const moves = fc.array(fc.tuple(fc.nat(600), fc.nat(20), fc.boolean()), { maxLength: 200 });
    fc.assert(
      fc.property(moves, (steps) => {
        const admission = new Admission({ ...limits, patienceMs: 1e9 });
        const inside: { place: Place; bytes: number }[] = [];
        for (const [bytes, at, leaves] of steps) {
          if (leaves) {
            inside.splice(at % Math.max(inside.length, 1), 1)[0]?.place.leave();
          } else {
            const place = admission.enter(bytes, 0);
            if (place !== undefined) inside.push({ place, bytes });
          }
          expect(admission.inside).toBe(inside.length);
          expect(inside.length).toBeLessThanOrEqual(limits.mostQuestions);
          const held = inside.reduce((sum, each) => sum + each.bytes, 0);
          expect(inside.length > 1 && held > limits.mostBytes).toBe(false);
        }
        for (const { place } of inside) place.leave();
        expect(admission.inside).toBe(0);
      }),
    );
  });
});

describe('the pace of refusals', () => {
  function pace() {
    const due: (() => void)[] = [];
    const given: number[] = [];
    let now = 0;
    const refusals = new RefusalPace({ now: () => now, later: (_ms, work) => void due.push(work) });
    return {
      refusals,
      given,
      refuse: (name: number, isGone = () => false) =>
        refusals.refuse({ isGone, give: () => void given.push(name) }),
      /** Lets time pass; false when nothing is due any more. */
      after: (ms: number): boolean => {
        now += ms;
        const work = due.shift();
        work?.();
        return work !== undefined;
      },
    };
  }

  it('a few are given at once, a flood one after the other, and in order', () => {
    const { refusals, given, refuse, after } = pace();
    for (let name = 0; name < 1_000; name++) refuse(name);
    expect(given.length).toBe(REFUSALS.burst);
    expect(refusals.held).toBe(1_000 - REFUSALS.burst);
    after(100);
    expect(given.length).toBe(REFUSALS.burst + REFUSALS.perSecond / 10);
    while (after(100));
    expect(given).toEqual(Array.from({ length: 1_000 }, (_, name) => name));
    expect(refusals.held).toBe(0);
  });

  it('who has gone takes nobody’s turn', () => {
    const { given, refuse, after } = pace();
    for (let name = 0; name < REFUSALS.burst; name++) refuse(name);
    for (let name = 0; name < 10_000; name++) refuse(-1, () => true);
    refuse(7);
    after(10);
    expect(given.at(-1)).toBe(7);
    expect(given).not.toContain(-1);
  });
});
