import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAirports } from '../../src/service/airports.js';
import { readAirports } from '../../src/service/airports/store.js';
import { judgeDeparture, judgeOutcome } from '../../src/service/board.js';
import {
  decodeBoardCursor,
  decodeFeedCursor,
  encodeBoardCursor,
  encodeFeedCursor,
} from '../../src/service/cursor.js';
import { isDatabaseAway } from '../../src/service/database-away.js';
import type { Flight } from '../../src/service/flight.js';
import { canonicalInstant, formatInstant, parseInstant } from '../../src/service/instant.js';
import { checkModelAnswer } from '../../src/service/model-answer.js';
import { baseRateOf, riskFromBaseRate } from '../../src/service/risk.js';
import { EMPTY_TALLY, addTallies, keepTally } from '../../src/service/tally.js';

const flight: Flight = {
  flightId: 'A',
  origin: 'ATL',
  destination: 'SAV',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 215,
  risk: { probability: 0.37, source: 'model', degraded: false, modelVersion: 'm' },
  outcome: null,
};
const landed: Flight = { ...flight, outcome: { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' } };

describe('the rules of the board', () => {
  it('an unknown id is new, the same content is a repetition, other content names the fields that differ', () => {
    expect(judgeDeparture(undefined, flight).kind).toBe('new');
    expect(judgeDeparture(flight, { ...flight })).toEqual({ kind: 'again', flight });
    expect(judgeDeparture(flight, { ...flight, origin: 'BOS', distanceMiles: 216 })).toMatchObject({
      kind: 'conflict',
      errors: [
        { field: 'origin', fix: 'known as ATL; send that, or choose another flightId' },
        { field: 'distanceMiles' },
      ],
    });
  });

  it('a flight lands after it departed, within 48 hours', () => {
    const land = (landedAt: string) => judgeOutcome(flight, { delayMinutes: 0, landedAt }).kind;
    expect(land('2001-02-01T08:15:00-05:00')).toBe('impossible');
    expect(land('2001-02-01T08:14:59-05:00')).toBe('impossible');
    expect(land('2001-02-01T13:15:01+00:00')).toBe('new');
    expect(land('2001-02-03T08:15:00-05:00')).toBe('new');
    expect(land('2001-02-03T08:15:01-05:00')).toBe('impossible');
  });

  it('the first outcome stands', () => {
    const outcome = { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' };
    expect(judgeOutcome(landed, outcome)).toEqual({ kind: 'again', flight: landed });
    expect(judgeOutcome(landed, { ...outcome, delayMinutes: 21 })).toMatchObject({
      kind: 'conflict',
      errors: [{ field: 'delayMinutes' }],
    });
  });
});

describe('instants', () => {
  it('have one spelling', () => {
    expect(canonicalInstant('2001-02-01T08:15-05:00')).toBe('2001-02-01T08:15:00-05:00');
    expect(canonicalInstant('2001-02-01T08:15:00.000-05:00')).toBe('2001-02-01T08:15:00-05:00');
    expect(canonicalInstant('2001-02-01T08:15:00.25-05:00')).toBe('2001-02-01T08:15:00.250-05:00');
    expect(canonicalInstant('2001-02-01T13:15:00Z')).toBe('2001-02-01T13:15:00+00:00');
    expect(canonicalInstant('2001-02-01T13:15:00-00:00')).toBe('2001-02-01T13:15:00+00:00');
  });

  it('survive being written and read, whatever the moment and the offset', () => {
    const moments = fc.record({
      epochMs: fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2010, 0) }),
      offsetMinutes: fc.integer({ min: -14 * 60, max: 14 * 60 }),
    });
    fc.assert(
      fc.property(moments, (moment) => {
        expect(parseInstant(formatInstant(moment))).toEqual(moment);
      }),
      { seed: 2001 },
    );
  });

  it('without an offset are refused', () => {
    expect(() => parseInstant('2001-02-01T08:15:00')).toThrow('expected an instant like');
  });
});

describe('cursors', () => {
  it('survive being written and read', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9][\w.:-]{0,63}$/);
    const digits = fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String);
    fc.assert(
      fc.property(fc.integer(), id, digits, digits, (departedAtMs, flightId, tx, seq) => {
        const board = { departedAtMs, flightId };
        expect(decodeBoardCursor(encodeBoardCursor(board))).toEqual(board);
        expect(decodeFeedCursor(encodeFeedCursor({ tx, seq }))).toEqual({ tx, seq });
      }),
      { seed: 2001 },
    );
  });

  it('of nonsense are none', () => {
    fc.assert(
      fc.property(fc.string(), (nonsense) => {
        fc.pre(!/^[\w-]{4,}$/.test(nonsense));
        expect(decodeFeedCursor(nonsense)).toBeUndefined();
      }),
      { seed: 2001 },
    );
  });
});

describe('airports', () => {
  it('are 3376, and the busiest are among them', () => {
    const airports = readAirports();
    expect(airports.size).toBe(3376);
    expect(['ATL', 'ORD', 'DFW', 'LAX', 'SDF'].every((code) => airports.has(code))).toBe(true);
    expect(airports.has('iata')).toBe(false);
  });

  it('of another file are refused', () => {
    expect(() => parseAirports('name,iata\n')).toThrow('expected a first column "iata"');
  });
});

describe('the base rate', () => {
  it('is the share in the records at first, and the share on the board later', () => {
    expect(baseRateOf(EMPTY_TALLY)).toBeCloseTo(0.21);
    expect(baseRateOf({ ...EMPTY_TALLY, landed: 1, late: 1 })).toBeCloseTo(22 / 101);
    expect(baseRateOf({ ...EMPTY_TALLY, landed: 900, late: 279 })).toBeCloseTo(0.3);
  });

  it('says that it is one, and why', () => {
    expect(
      riskFromBaseRate('the model server answered 500', { ...EMPTY_TALLY, landed: 900, late: 279 }),
    ).toEqual({
      probability: 0.3,
      source: 'base-rate',
      degraded: true,
      modelVersion: null,
      because:
        'the model server answered 500; 0.30 is the share of late flights on this board, where 900 landed',
    });
  });
});

describe("the model server's answers", () => {
  it.each([
    ['not JSON', 'hello'],
    ['JSON of another kind', '[]'],
    ['no predictions', '{"modelVersion":"m","predictions":[]}'],
    ['two predictions', '{"modelVersion":"m","predictions":[{"probability":0.1},{"probability":0.2}]}'],
    ['a probability of 7', '{"modelVersion":"m","predictions":[{"probability":7}]}'],
    ['a probability that is text', '{"modelVersion":"m","predictions":[{"probability":"0.3"}]}'],
    ['a probability that is null', '{"modelVersion":"m","predictions":[{"probability":null}]}'],
    ['no version', '{"predictions":[{"probability":0.3}]}'],
    ['another flight', '{"modelVersion":"m","predictions":[{"flightId":"B","probability":0.3}]}'],
  ])('with %s make no sense', (_what, text) => {
    const answer = checkModelAnswer(text, 'A');
    expect(answer.kind === 'failed' && answer.because).toContain('makes no sense');
  });

  it('need not repeat the flight id', () => {
    const text = '{"modelVersion":"m","predictions":[{"probability":0.3}]}';
    expect(checkModelAnswer(text, 'A')).toEqual({ kind: 'answered', probability: 0.3, modelVersion: 'm' });
  });
});

describe('the tally', () => {
  const one = { flights: 1, landed: 1, late: 0, degraded: 0 };

  it('counts nothing twice, also when many ask at the same time', async () => {
    let told = 0;
    const tally = keepTally(
      async ({ seq }) => ({
        tally: { ...one, flights: ++told },
        cursor: { tx: '1', seq: String(Number(seq) + 1) },
      }),
      () => 0,
    );
    await Promise.all([tally.refresh(), tally.refresh(), tally.recent(0)]);
    expect((await tally.recent(0)).flights).toBe(1 + 2);
    expect(addTallies(one, one)).toEqual({ flights: 2, landed: 2, late: 0, degraded: 0 });
  });

  it('keeps the last count while the database is away', async () => {
    let now = 0;
    let away = false;
    const tally = keepTally(
      async (cursor) => {
        if (away) throw new Error('away');
        return { tally: one, cursor };
      },
      () => now,
    );
    await tally.refresh();
    away = true;
    now = 10_000;
    expect(await tally.recent(2_000)).toEqual(one);
    await expect(tally.refresh()).rejects.toThrow('away');
    away = false;
    expect((await tally.refresh()).flights).toBe(2);
  });
});

describe('errors of the database driver', () => {
  const coded = (code: string) => Object.assign(new Error('…'), { code });

  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '57P03', '57014', '53300', '53100', '08006', '25006'])(
    '%s may pass',
    (code) => expect(isDatabaseAway(coded(code))).toBe(true),
  );

  it.each(['23505', '42P01', '42601', '22P02', '40001'])('%s is our own', (code) =>
    expect(isDatabaseAway(coded(code))).toBe(false),
  );

  it('a broken connection has no code and may pass; a TypeError is our own', () => {
    expect(isDatabaseAway(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isDatabaseAway(new TypeError('x is undefined'))).toBe(false);
    expect(isDatabaseAway('text')).toBe(false);
  });
});
