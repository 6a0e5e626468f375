import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { deploy, emptyRegistry, risksOffline, startServer } from './harness.js';
import type { TestServer } from './harness.js';
import { flightsOf, randomModel, TIMETABLE_AS_OF, timetableOf } from './world.js';

const HISTORY = flightsOf('2001-01-17', 15, 60);
const FLIGHT = {
  flightId: 'ATL-SDF-20010201T0815',
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 321,
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function serverWithModel(): Promise<TestServer> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
  const server = await startServer(modelsDir);
  await server.ready();
  return server;
}

interface ProblemDocument {
  title: string;
  errors?: { field: string; fix: string }[];
}

describe('predict', () => {
  it('a flight gets the risk that the model gives it offline', async () => {
    const server = await serverWithModel();
    const [risk] = await server.predict([FLIGHT]);
    const [offline] = risksOffline(randomModel(1), HISTORY, [], [FLIGHT]);
    expect(risk).toBeCloseTo(offline ?? NaN, 6);
    expect(await server.metric('model_server_predictions_total{model_version="m-1"}')).toBe(1);
  });

  it('a model with a frozen timetable reads its own, whatever has landed since', async () => {
    const modelsDir = await emptyRegistry();
    const timetable = { kind: 'frozen', asOf: TIMETABLE_AS_OF } as const;
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY, { timetable });
    const server = await startServer(modelsDir);
    await server.ready();
    const [risk] = await server.predict([FLIGHT]);
    const [frozen] = risksOffline(randomModel(1), HISTORY, [], [FLIGHT], timetableOf(HISTORY));
    const [nightly = NaN] = risksOffline(randomModel(1), HISTORY, [], [FLIGHT]);
    expect(risk).toBeCloseTo(frozen ?? NaN, 6);
    expect(risk).not.toBeCloseTo(nightly, 4);
  });

  it('a thousand flights are answered in order, each as if it were alone', async () => {
    const server = await serverWithModel();
    const flights = Array.from({ length: 1000 }, (_, index) => ({
      ...FLIGHT,
      flightId: `flight-${index}`,
      distanceMiles: 100 + index,
    }));
    const response = await server.post('/v1/predict', { flights });
    const body = (await response.json()) as {
      modelVersion: string;
      predictions: { flightId: string; probability: number }[];
    };
    expect(body.modelVersion).toBe('m-1');
    expect(body.predictions.map(({ flightId }) => flightId)).toEqual(flights.map(({ flightId }) => flightId));
    const [alone] = await server.predict(flights.slice(700, 701));
    expect(body.predictions[700]?.probability).toBeCloseTo(alone ?? NaN, 6);
  });

  it('asking teaches nothing: the same question has the same answer', async () => {
    const server = await serverWithModel();
    const first = await server.predict([FLIGHT]);
    for (let i = 0; i < 20; i++) await server.predict([FLIGHT, { ...FLIGHT, flightId: `other-${i}` }]);
    expect(await server.predict([FLIGHT])).toEqual(first);
  });

  it('a flight needs no id, and the answer then has none', async () => {
    const server = await serverWithModel();
    const { flightId: _, ...nameless } = FLIGHT;
    const body = (await (await server.post('/v1/predict', { flights: [nameless] })).json()) as {
      predictions: object[];
    };
    expect(Object.keys(body.predictions[0] ?? {})).toEqual(['probability']);
  });

  it('every wrong input is refused with its field and its fix', async () => {
    const server = await serverWithModel();
    const wrong: [unknown, number, string, RegExp][] = [
      ['{"flights": [', 400, 'body', /valid JSON/],
      [{ flights: [] }, 422, 'flights', /at least one/],
      [{ flights: 'all' }, 422, 'flights', /list of 1 to 1000/],
      ['null', 400, 'body', /one JSON object/],
      ['1', 400, 'body', /one JSON object/],
      ['"x"', 400, 'body', /one JSON object/],
      [[], 422, 'body', /^expected an object with flights$/],
      [{ flights: [7] }, 422, 'flights[0]', /^expected an object with flightId, origin, /],
      [
        { flights: [{ ...FLIGHT, flightId: '' }] },
        422,
        'flights[0].flightId',
        /^expected a text of 1 to 100/,
      ],
      [
        { flights: [{ ...FLIGHT, destination: FLIGHT.origin }] },
        422,
        'flights[0].destination',
        /another airport/,
      ],
      [{ flights: Array.from({ length: 1001 }, () => FLIGHT) }, 422, 'flights', /at most 1000/],
      [{ flights: [FLIGHT, { ...FLIGHT, origin: 'XXX' }] }, 422, 'flights[1].origin', /IATA code/],
      [{ flights: [{ ...FLIGHT, destination: 7 }] }, 422, 'flights[0].destination', /like ATL/],
      [{ flights: [{ ...FLIGHT, distanceMiles: 0 }] }, 422, 'flights[0].distanceMiles', /above 0/],
      [{ flights: [{ ...FLIGHT, distanceMiles: '321' }] }, 422, 'flights[0].distanceMiles', /number/],
      [{ flights: [{ ...FLIGHT, departedAt: '2001-02-01' }] }, 422, 'flights[0].departedAt', /offset/],
      [
        { flights: [{ ...FLIGHT, departedAt: '2031-02-01T08:15:00-05:00' }] },
        422,
        'flights[0].departedAt',
        /2001/,
      ],
      [
        { flights: [{ ...FLIGHT, departedAt: '2001-02-01T13:15:00Z' }] },
        422,
        'flights[0].departedAt',
        /this moment is 2001-02-01T08:15:00-05:00 there/,
      ],
    ];
    for (const [body, status, field, fix] of wrong) {
      const response = await server.post('/v1/predict', body);
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      const { errors } = (await response.json()) as ProblemDocument;
      expect(errors?.[0]).toEqual({ field, fix: expect.stringMatching(fix) as string });
    }
    expect(await server.predict([FLIGHT])).toHaveLength(1);
  });

  it.each([
    [{ flights: [FLIGHT], explain: true }, 'explain'],
    [{ flights: [{ ...FLIGHT, orgin: 'ATL' }] }, 'orgin'],
  ])('a field that nobody reads is refused: it may be misspelt', async (body, name) => {
    const server = await serverWithModel();
    for (const path of ['/v1/predict', '/v1/explain']) {
      const response = await server.post(path, body);
      expect(response.status).toBe(422);
      expect(JSON.stringify(((await response.json()) as ProblemDocument).errors)).toContain(name);
    }
  });

  it('a body of 10 MB is refused as too large, and text as no JSON', async () => {
    const server = await serverWithModel();
    const large = await server.post('/v1/predict', JSON.stringify({ flights: ['x'.repeat(10_000_000)] }));
    expect(large.status).toBe(413);
    const text = await server.post('/v1/predict', 'flights', { 'content-type': 'text/plain' });
    expect(text.status).toBe(415);
  });

  it('whatever is sent, the answer is a prediction or a problem of the sender, never of the server', async () => {
    const server = await serverWithModel();
    const field = fc.oneof(fc.constantFrom(...Object.values(FLIGHT)), fc.jsonValue());
    const flight = fc.record(
      { flightId: field, origin: field, destination: field, departedAt: field, distanceMiles: field },
      { requiredKeys: [] },
    );
    const body = fc.oneof(fc.jsonValue(), fc.record({ flights: fc.oneof(fc.array(flight), fc.jsonValue()) }));
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom('/v1/predict', '/v1/explain'), async (sent, path) => {
        const response = await server.post(path, JSON.stringify(sent));
        expect([200, 400, 422, 429]).toContain(response.status);
        const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json');
        expect(isProblem).toBe(response.status !== 200);
        await response.body?.cancel();
      }),
      { numRuns: 150 },
    );
    expect(await server.predict([FLIGHT])).toHaveLength(1);
  });

  it('the docs page is served from here, and names the limits of a request and its refusals', async () => {
    const server = await serverWithModel();
    const page = await server.get('/docs/');
    expect([page.status, page.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/html'),
    ]);
    interface Operation {
      summary: string;
      requestBody: {
        content: { 'application/json': { schema: { properties: { flights: { maxItems: number } } } } };
      };
      responses: Record<string, object>;
    }
    const { paths } = await server.json<{ paths: Record<string, { post: Operation }> }>('/openapi.json');
    for (const [path, most] of [
      ['/v1/predict', 1000],
      ['/v1/explain', 10],
    ] as const) {
      const { requestBody, responses } = paths[path]?.post ?? {};
      expect(requestBody?.content['application/json'].schema.properties.flights.maxItems).toBe(most);
      expect(Object.keys(responses ?? {})).toEqual(['200', '422', '429', '503', 'default']);
    }
  });

  it('the OpenAPI document holds every route', async () => {
    const server = await serverWithModel();
    const document = await server.json<{ openapi: string; paths: Record<string, object> }>('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    const own = Object.keys(document.paths).filter((path) => path.startsWith('/v1/'));
    expect(own.toSorted()).toEqual([
      '/v1/challenger',
      '/v1/explain',
      '/v1/faults',
      '/v1/faults/{id}',
      '/v1/model',
      '/v1/models',
      '/v1/monitor',
      '/v1/monitor/report',
      '/v1/pipeline',
      '/v1/predict',
      '/v1/retrain',
    ]);
  });
});
