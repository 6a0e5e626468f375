import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  answering,
  broken,
  endless,
  sayingNonsense,
  silent,
  startFakeModelServer,
  wellBehaved,
} from '../fake-model-server.js';
import type { Behaviour, FakeModelServer } from '../fake-model-server.js';
import type { ModelLimits } from '../../src/service/ask-model.js';
import { NOBODY, startBoard } from '../harness.js';
import type { Answer, TestBoard } from '../harness.js';

let model: FakeModelServer;
let board: TestBoard;

beforeEach(async () => {
  model = await startFakeModelServer();
  board = await startBoard({ modelServerUrl: model.url });
});
afterEach(async () => {
  await board.close();
  await model.close();
});

/** Starts the board again, with other limits. */
async function start(modelLimits: Partial<ModelLimits>): Promise<void> {
  await board.close();
  board = await startBoard({ modelServerUrl: model.url, modelLimits });
}

interface RiskAnswer {
  probability: number;
  source: string;
  degraded: boolean;
  because: string;
}
const riskOf = ({ body }: Answer) => body['risk'] as RiskAnswer;
const calls = async (result: string) => board.metric(`flights_api_model_calls_total{result="${result}"}`);

describe('when the model server fails, the board degrades instead of failing', () => {
  it.each<[string, Behaviour, string, string]>([
    ['is silent', silent, 'timeout', 'the model server did not answer within 300 ms'],
    ['answers 500', broken, 'error', 'the model server answered 500'],
    ['has no model yet', answering(503, {}), 'error', 'the model server answered 503'],
    ['says nonsense', sayingNonsense('hello'), 'nonsense', "the model server's answer makes no sense"],
    ['never ends its answer', endless, 'nonsense', 'longer than 65536 bytes'],
    [
      'predicts a probability of 7',
      answering(200, { modelVersion: 'm', predictions: [{ probability: 7 }] }),
      'nonsense',
      'predictions.0.probability',
    ],
    [
      'sends the caller elsewhere',
      (r) => void r.writeHead(302, { location: NOBODY }).end(),
      'error',
      'cannot be reached',
    ],
  ])('a model server that %s', async (_what, behaviour, result, because) => {
    if (behaviour === silent) await start({ tryTimeoutMs: 300 });
    model.behave(behaviour);
    const answer = await board.depart();
    expect(answer.status).toBe(201);
    expect(riskOf(answer)).toMatchObject({ probability: 0.21, source: 'base-rate', degraded: true });
    expect(riskOf(answer).because).toContain(because);
    expect(await calls(result), 'one try and one retry').toBe(2);
    expect(await board.metric('flights_api_risk_answers_total{source="base-rate"}')).toBe(1);
    expect(board.lines.some((line) => String(line['message']).startsWith('risk is a base rate'))).toBe(true);
    const { body } = await board.get(`/v1/flights?degraded=true`);
    expect(body['flights']).toEqual([answer.body]);
  });

  it('a model server that is not there', async () => {
    const alone = await startBoard({ modelServerUrl: NOBODY });
    expect(riskOf(await alone.depart()).because).toContain('the model server cannot be reached (');
    await alone.close();
  });

  it('one bad answer is mended by the retry', async () => {
    model.behave((response, flight) => {
      model.behave(wellBehaved);
      broken(response, flight);
    });
    expect(riskOf(await board.depart())).toMatchObject({ source: 'model', degraded: false });
    expect(model.requests).toHaveLength(2);
  });

  it('a flight that the model refuses is asked about once, and does not open the circuit', async () => {
    model.behave(answering(422, { title: 'unknown route' }));
    for (let n = 0; n < 6; n++) expect(riskOf(await board.depart({ flightId: `F${n}` })).degraded).toBe(true);
    expect(model.requests).toHaveLength(6);
    expect(await board.metric('flights_api_circuit_state')).toBe(0);
  });

  it('the base rate is the share of late flights on the board', async () => {
    for (let n = 0; n < 4; n++) {
      await board.depart({ flightId: `F${n}` });
      const outcome = { delayMinutes: 15 + n, landedAt: '2001-02-01T10:00:00-05:00' };
      await board.send('PUT', `/v1/flights/F${n}/outcome`, outcome);
    }
    await expect.poll(async () => (await board.get('/v1/stats')).body['landed']).toBe(4);
    model.behave(broken);
    expect(riskOf(await board.depart()).probability).toBeCloseTo((4 + 21) / 104);
  });
});

describe('the circuit', () => {
  const stateMessages = () =>
    board.lines.map((line) => String(line['message'])).filter((text) => text.startsWith('circuit'));

  it('opens after five failures in a row, and nobody is asked meanwhile', async () => {
    model.behave(broken);
    for (let n = 0; n < 3; n++) await board.depart({ flightId: `F${n}` });
    expect(model.requests, 'the sixth try is not made').toHaveLength(5);
    expect(await board.metric('flights_api_circuit_state')).toBe(1);
    const answer = await board.depart({ flightId: 'F3' });
    expect(riskOf(answer).because).toContain(
      'the circuit to the model server is open after 5 failures in a row',
    );
    expect(model.requests).toHaveLength(5);
    expect(await calls('circuit-open')).toBe(2);
    expect(stateMessages()).toEqual(['circuit to the model server is open']);
  });

  it('opens for a silent server too, and then nobody waits', async () => {
    await start({ tryTimeoutMs: 300 });
    model.behave(silent);
    await Promise.all(Array.from({ length: 20 }, (_, n) => board.depart({ flightId: `F${n}` })));
    expect(await board.metric('flights_api_circuit_state')).toBe(1);
    const asked = model.requests.length;
    expect((await board.depart({ flightId: 'after' })).status).toBe(201);
    expect(model.requests).toHaveLength(asked);
  });

  it('closes when the server is back', async () => {
    await start({ halfOpenAfterMs: 50 });
    model.behave(broken);
    for (let n = 0; n < 3; n++) await board.depart({ flightId: `F${n}` });
    model.behave(wellBehaved);
    let n = 3;
    await expect.poll(async () => riskOf(await board.depart({ flightId: `F${n++}` })).source).toBe('model');
    expect(await board.metric('flights_api_circuit_state')).toBe(0);
    const [first, ...more] = stateMessages();
    expect(first).toBe('circuit to the model server is open');
    expect(more.slice(-2)).toEqual([
      'circuit to the model server is half-open',
      'circuit to the model server is closed',
    ]);
  });
});

describe('one request through two services', () => {
  it('carries its trace and its request id to the model server, and into the log', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'gate-17' };
    model.behave((response, flight) => {
      model.behave(wellBehaved);
      broken(response, flight);
    });
    const body = {
      flightId: 'T1',
      origin: 'ATL',
      destination: 'SAV',
      departedAt: '2001-02-01T08:15:00-05:00',
      distanceMiles: 215,
    };
    const answer = await board.send('POST', '/v1/flights', body, headers);
    expect(answer.headers.get('x-request-id')).toBe('gate-17');
    expect(model.requests).toHaveLength(2);
    for (const sent of model.requests) {
      expect(sent['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
      expect(sent['traceparent'], 'a span of its own').not.toContain('00f067aa0ba902b7');
      expect(sent['x-request-id']).toBe('gate-17');
    }
    await expect
      .poll(() =>
        board.lines.filter((line) => line['trace.id'] === traceId).map((line) => line['http.request.id']),
      )
      .toContain('gate-17');
  });
});
