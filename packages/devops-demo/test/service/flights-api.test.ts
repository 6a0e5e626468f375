import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { departure, startBoard } from '../harness.js';
import type { Answer, TestBoard } from '../harness.js';
import { startFakeModelServer } from '../fake-model-server.js';
import type { FakeModelServer } from '../fake-model-server.js';

let model: FakeModelServer;
let board: TestBoard;

beforeAll(async () => {
  model = await startFakeModelServer();
  board = await startBoard({ modelServerUrl: model.url });
});
afterAll(async () => {
  await board.close();
  await model.close();
});

const outcome = { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' };
const fieldsOf = ({ body }: Answer) => (body['errors'] as { field: string }[]).map(({ field }) => field);
const fixOf = ({ body }: Answer) => (body['errors'] as { fix: string }[])[0]?.fix;
const idsOf = ({ body }: Answer) =>
  (body['flights'] as { flightId: string }[]).map(({ flightId }) => flightId);

describe('registering a departure', () => {
  it('answers 201 with the risk, and the flight is on the board', async () => {
    const answer = await board.depart({ flightId: 'R1' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe('/v1/flights/R1');
    expect(answer.body).toEqual({
      ...departure({ flightId: 'R1' }),
      risk: { probability: 0.37, source: 'model', degraded: false, modelVersion: 'm-2001-01-31' },
      outcome: null,
    });
    expect((await board.get('/v1/flights/R1')).body).toEqual(answer.body);
  });

  it('again answers 200 with the same flight, and asks the model only once', async () => {
    const first = await board.depart({ flightId: 'R2' });
    const asked = model.requests.length;
    const again = await board.depart({ flightId: 'R2', departedAt: '2001-02-01T08:15:00.000-05:00' });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(model.requests.length).toBe(asked);
  });

  it('with other content under the same id answers 409 and changes nothing', async () => {
    const first = await board.depart({ flightId: 'R3' });
    const other = await board.depart({ flightId: 'R3', destination: 'BOS' });
    expect(other.status).toBe(409);
    expect(other.headers.get('content-type')).toContain('application/problem+json');
    expect(fieldsOf(other)).toEqual(['destination']);
    expect((await board.get('/v1/flights/R3')).body).toEqual(first.body);
  });

  it('twenty times at once registers it once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => board.depart({ flightId: 'R4' })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
    const { rows } = await board.pool.query(
      `select count(*)::int as events from events where flight_id = 'R4'`,
    );
    expect(rows).toEqual([{ events: 1 }]);
  });
});

describe('recording an outcome', () => {
  it('answers 201, then 200, then 409 for another one', async () => {
    const { body } = await board.depart({ flightId: 'O1' });
    const first = await board.send('PUT', '/v1/flights/O1/outcome', outcome);
    expect([first.status, first.body]).toEqual([201, { ...body, outcome }]);
    const again = await board.send('PUT', '/v1/flights/O1/outcome', outcome);
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await board.send('PUT', '/v1/flights/O1/outcome', { ...outcome, delayMinutes: 21 });
    expect([other.status, fieldsOf(other)]).toEqual([409, ['delayMinutes']]);
    expect((await board.get('/v1/flights/O1')).body).toEqual(first.body);
  });

  it('twenty times at once records it once', async () => {
    await board.depart({ flightId: 'O2' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => board.send('PUT', '/v1/flights/O2/outcome', outcome)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(19);
  });

  it('before the departure is refused with the field and the fix', async () => {
    await board.depart({ flightId: 'O3' });
    const landedAt = '2001-02-01T08:00:00-05:00';
    const answer = await board.send('PUT', '/v1/flights/O3/outcome', { ...outcome, landedAt });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, ['landedAt']]);
    expect(fixOf(answer)).toContain('after 2001-02-01T08:15:00-05:00');
  });

  it('of an unknown flight answers 404 and says what to do', async () => {
    const answer = await board.send('PUT', '/v1/flights/nobody/outcome', outcome);
    expect(answer.status).toBe(404);
    expect(fixOf(answer)).toContain('register the departure first');
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown airport', { origin: 'XXX' }, 'origin'],
    ['an airport in small letters', { destination: 'sav' }, 'destination'],
    ['the same airport twice', { destination: 'ATL' }, 'destination'],
    ['a number for an airport', { origin: 7 }, 'origin'],
    ['no instant', { departedAt: 'yesterday' }, 'departedAt'],
    ['an instant without an offset', { departedAt: '2001-02-01T08:15:00' }, 'departedAt'],
    ['a day that does not exist', { departedAt: '2001-02-30T08:15:00-05:00' }, 'departedAt'],
    ["today's clock instead of the replay's", { departedAt: '2026-02-01T08:15:00-05:00' }, 'departedAt'],
    ['seconds taken for milliseconds', { departedAt: '1970-01-12T08:15:00-05:00' }, 'departedAt'],
    ['a number for an instant', { departedAt: 981033300000 }, 'departedAt'],
    ['a negative distance', { distanceMiles: -1 }, 'distanceMiles'],
    ['a distance of nothing', { distanceMiles: 0 }, 'distanceMiles'],
    ['a distance beyond the Earth', { distanceMiles: 20_000 }, 'distanceMiles'],
    ['a distance as text', { distanceMiles: '215' }, 'distanceMiles'],
    ['an empty id', { flightId: '' }, 'flightId'],
    ['an id with a slash', { flightId: 'a/b' }, 'flightId'],
    ['an id with a zero byte', { flightId: 'a\0b' }, 'flightId'],
    ['an id that is too long', { flightId: 'a'.repeat(65) }, 'flightId'],
    ['no id', { flightId: undefined }, 'flightId'],
  ])('a departure with %s is refused by field, with a fix', async (_what, change, field) => {
    const answer = await board.depart({ flightId: 'B1', ...change });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
    expect(fixOf(answer)).toMatch(/^send /);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['a delay of a day', { delayMinutes: 1_440 }, 'delayMinutes'],
    ['a delay that is not whole', { delayMinutes: 1.5 }, 'delayMinutes'],
    ['a delay as text', { delayMinutes: '20' }, 'delayMinutes'],
    ['no landing', { landedAt: null }, 'landedAt'],
  ])('an outcome with %s is refused by field, with a fix', async (_what, change, field) => {
    const answer = await board.send('PUT', '/v1/flights/B1/outcome', { ...outcome, ...change });
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
    expect(fixOf(answer)).toMatch(/^send /);
  });

  it('every wrong field is named at once', async () => {
    const answer = await board.send('POST', '/v1/flights', {});
    expect(fieldsOf(answer)).toEqual(['flightId', 'origin', 'destination', 'departedAt', 'distanceMiles']);
  });

  it('a field that does not exist is named', async () => {
    const answer = await board.send('POST', '/v1/flights', { ...departure(), delay: 3 });
    expect(answer.status).toBe(422);
    expect([fieldsOf(answer), fixOf(answer)]).toEqual([['delay'], 'leave it out']);
  });

  it('malformed JSON answers 400', async () => {
    expect((await board.send('POST', '/v1/flights', '{"flightId":')).status).toBe(400);
  });

  it.each(['[]', 'null', '"text"', '7'])('the JSON %s is not a departure', async (text) => {
    expect([400, 422]).toContain((await board.send('POST', '/v1/flights', text)).status);
  });

  it('a body of 10 MB answers 413', async () => {
    const answer = await board.send('POST', '/v1/flights', {
      ...departure(),
      flightId: 'x'.repeat(10_000_000),
    });
    expect([answer.status, fieldsOf(answer)]).toEqual([413, ['body']]);
  });

  it('a body of another media type answers 415', async () => {
    expect((await board.send('POST', '/v1/flights', 'a=b', { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
  });

  it.each([
    ['of nobody', 'nobody'],
    ['with a zero byte', 'a%00b'],
    ['with a slash', 'a%2Fb'],
    ['of a space', '%20'],
    ['of a thousand letters', 'a'.repeat(1_000)],
  ])('a flight id %s answers 404', async (_what, id) => {
    expect((await board.get(`/v1/flights/${id}`)).status).toBe(404);
  });

  it('an address that cannot be decoded answers 400', async () => {
    expect((await board.get('/v1/flights/%E0%A4%A')).status).toBe(400);
  });

  it.each([
    ['origin=XXX', 'origin'],
    ['origin=ATL&origin=BOS', 'origin'],
    ['status=flying', 'status'],
    ['from=2001-02-01', 'from'],
    ['from=2001-02-01T00:00:00+01:00', 'from'],
    ['from=2001-02-02T00:00:00Z&to=2001-02-01T00:00:00Z', 'to'],
    ['minRisk=2', 'minRisk'],
    ['minRisk=high', 'minRisk'],
    ['degraded=yes', 'degraded'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['limit=1.5', 'limit'],
    ['limit=', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['page=2', 'page'],
  ])('the list refuses ?%s', async (query, field) => {
    const answer = await board.get(`/v1/flights?${query}`);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  });

  it.each(['after=nonsense', 'after=7', 'limit=5001', 'limit=0', 'since=1'])(
    'the feed refuses ?%s',
    async (query) => {
      expect((await board.get(`/v1/feed?${query}`)).status).toBe(422);
    },
  );
});

describe('the list', () => {
  const ids = Array.from({ length: 9 }, (_, n) => `L${n}`);

  beforeAll(async () => {
    await board.pool.query('truncate flights, events');
    // Pairs share their minute, so that the id has to order them.
    for (const [n, flightId] of ids.entries()) {
      const departedAt = `2001-03-01T0${Math.floor(n / 2)}:00:00-05:00`;
      await board.depart({ flightId, departedAt, origin: n % 3 === 0 ? 'BOS' : 'ATL' });
    }
    const landedAt = '2001-03-01T05:00:00-05:00';
    for (const flightId of ['L0', 'L1']) {
      await board.send('PUT', `/v1/flights/${flightId}/outcome`, { delayMinutes: 0, landedAt });
    }
  });

  it('is newest first, and its pages put together are the whole', async () => {
    const whole = await board.get('/v1/flights');
    expect(idsOf(whole)).toEqual([...ids].reverse());
    expect(whole.body['nextCursor']).toBeNull();
    for (const limit of [1, 2, 3, 4, 9, 10]) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await board.get(`/v1/flights?limit=${limit}${cursor && `&cursor=${cursor}`}`);
        expect(idsOf(page).length).toBeLessThanOrEqual(limit);
        seen.push(...idsOf(page));
        cursor = page.body['nextCursor'] as string | null;
      }
      expect(seen).toEqual(idsOf(whole));
    }
  });

  it.each([
    ['origin=BOS', ['L6', 'L3', 'L0']],
    ['destination=BOS', []],
    ['status=landed', ['L1', 'L0']],
    ['status=departed&origin=BOS', ['L6', 'L3']],
    ['from=2001-03-01T04:00:00-05:00', ['L8']],
    ['to=2001-03-01T01:00:00-05:00', ['L1', 'L0']],
    ['from=2001-03-01T06:00:00Z&to=2001-03-01T07:00:00Z', ['L3', 'L2']],
    ['minRisk=0.38', []],
    ['minRisk=0.37&limit=2', ['L8', 'L7']],
    ['degraded=true', []],
    ['degraded=false&origin=BOS', ['L6', 'L3', 'L0']],
  ])('filtered by %s', async (query, expected) => {
    expect(idsOf(await board.get(`/v1/flights?${query}`))).toEqual(expected);
  });

  it('a page does not move when flights arrive meanwhile', async () => {
    const first = await board.get('/v1/flights?limit=3');
    await board.depart({ flightId: 'L9', departedAt: '2001-03-01T09:00:00-05:00' });
    const next = await board.get(`/v1/flights?limit=3&cursor=${first.body['nextCursor'] as string}`);
    expect(idsOf(next)).toEqual(['L5', 'L4', 'L3']);
    await board.pool.query(`delete from events where flight_id = 'L9'`);
    await board.pool.query(`delete from flights where flight_id = 'L9'`);
  });
});

describe('what operators see', () => {
  it('stats count the board', async () => {
    const counting = await startBoard({ modelServerUrl: model.url });
    expect((await counting.get('/v1/stats')).body).toEqual({
      flights: 0,
      landed: 0,
      degraded: 0,
      lastDepartedAt: null,
    });
    await counting.depart();
    await counting.depart({ flightId: 'S2', departedAt: '2001-02-01T09:15:00-05:00' });
    await counting.send('PUT', '/v1/flights/S2/outcome', outcome);
    // Polled: transactions of other tests on the same server hold back what is counted.
    await expect
      .poll(async () => (await counting.get('/v1/stats')).body)
      .toEqual({ flights: 2, landed: 1, degraded: 0, lastDepartedAt: '2001-02-01T09:15:00-05:00' });
    await counting.close();
  });

  it('ready without a model server', async () => {
    const alone = await startBoard();
    expect((await alone.get('/readyz')).body).toEqual({ status: 'ready', checks: { database: 'ok' } });
    await alone.close();
  });

  it('no flight id becomes a metric label', async () => {
    await board.get('/v1/flights/L0');
    const metrics = await (await fetch(`${board.url}/metrics`)).text();
    expect(metrics).toContain('http_route="/v1/flights/:flightId"');
    expect(metrics).not.toContain('L0"');
    expect(metrics).not.toContain('http_route="/v1/flights/nobody');
  });

  it('faults are injected with the token, and are seen in the answers', async () => {
    const order = { name: 'errors', seconds: 60 };
    expect((await board.send('POST', '/v1/faults', order)).status).toBe(401);
    const authorization = 'Bearer a-test-token-of-enough-length';
    const { body } = await board.send('POST', '/v1/faults', order, { authorization });
    expect((await board.get('/v1/flights')).status).toBe(500);
    await fetch(`${board.url}/v1/faults/${String(body['id'])}`, {
      method: 'DELETE',
      headers: { authorization },
    });
    expect((await board.get('/v1/flights')).status).toBe(200);
  });
});
