import fc from 'fast-check';
import type { Landing } from 'mlops-demo';
import { describe, expect, it } from 'vitest';
import { compareKeys, eventsOf, keyOf, schedule } from '../../src/replay/schedule.js';
import type { FlightDays, ReplayEvent, ScheduleOptions } from '../../src/replay/schedule.js';

const from = Date.parse('2001-02-01T00:00:00Z');
const until = Date.parse('2001-02-05T00:00:00Z');
const OFFSETS = ['-10:00', '-08:00', '-05:00', '-04:00'];

/** Local days from 31 January to 6 February: some flights lie outside the range on purpose. */
const flight = fc.record({
  day: fc.integer({ min: 0, max: 6 }),
  minute: fc.integer({ min: 5 * 60, max: 24 * 60 - 1 }),
  offset: fc.constantFrom(...OFFSETS),
  minutesUnderWay: fc.integer({ min: 30, max: 33 * 60 }),
});
const flights = fc.array(flight, { maxLength: 60 }).map((drawn) =>
  drawn.map(({ day, minute, offset, minutesUnderWay }, index): Landing => {
    const date = new Date(Date.parse('2001-01-31T00:00:00Z') + day * 86_400_000).toISOString().slice(0, 10);
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}:00`;
    return landing(`f${index}`, `${date}T${time}${offset}`, minutesUnderWay);
  }),
);

function landing(flightId: string, departedAt: string, minutesUnderWay: number): Landing {
  const landedAt = new Date(Date.parse(departedAt) + minutesUnderWay * 60_000).toISOString();
  return {
    flightId,
    origin: 'AAA',
    destination: 'BBB',
    departedAt,
    landedAt,
    distanceMiles: 100,
    delayMinutes: 0,
  };
}

function daysOf(all: readonly Landing[]): FlightDays {
  return async (day) =>
    day > '2001-02-06' ? undefined : all.filter((one) => one.departedAt.slice(0, 10) === day);
}

async function collect(
  all: readonly Landing[],
  options: Partial<ScheduleOptions> = {},
): Promise<ReplayEvent[]> {
  const events: ReplayEvent[] = [];
  for await (const event of schedule(daysOf(all), { seed: 1, from, until, ...options })) events.push(event);
  return events;
}

describe('schedule', () => {
  it('a flight departs within its minute and its outcome follows at its landing', () => {
    const [departure, outcome] = eventsOf(landing('a', '2001-02-01T08:15:00-05:00', 110), 1);
    expect(new Date(departure.at).toISOString().slice(0, 16)).toBe('2001-02-01T13:15');
    expect(new Date(outcome.at).toISOString()).toBe('2001-02-01T15:05:00.000Z');
  });

  it('brings each flight of the range once, with its outcome, in time order, whatever the time zones', async () => {
    await fc.assert(
      fc.asyncProperty(flights, async (all) => {
        const events = await collect(all);
        const keys = events.map(keyOf);
        expect(keys).toEqual([...keys].sort(compareKeys));
        const inRange = all.filter(({ departedAt }) => {
          const at = Date.parse(departedAt);
          return at >= from && at < until;
        });
        const ids = (kind: ReplayEvent['kind']) =>
          events.filter((event) => event.kind === kind).map((event) => event.flight.flightId);
        expect(ids('departure').sort()).toEqual(inRange.map((one) => one.flightId).sort());
        expect(ids('outcome').sort()).toEqual(ids('departure').sort());
      }),
    );
  });

  it('no outcome is known before its flight has departed', async () => {
    await fc.assert(
      fc.asyncProperty(flights, fc.integer(), async (all, seed) => {
        const departed = new Set<string>();
        for (const event of await collect(all, { seed })) {
          expect(event.kind === 'departure' || departed.has(event.flight.flightId)).toBe(true);
          departed.add(event.flight.flightId);
        }
      }),
    );
  });

  it('going on after any event brings exactly the rest', async () => {
    await fc.assert(
      fc.asyncProperty(flights, fc.nat(), async (all, drawn) => {
        const whole = (await collect(all)).map(keyOf);
        const cut = whole.length === 0 ? 0 : drawn % whole.length;
        const after = whole.at(cut);
        const rest = await collect(all, after === undefined ? {} : { after });
        expect(rest.map(keyOf)).toEqual(whole.slice(cut + 1));
      }),
    );
  });

  it('the same seed gives the same seconds, another seed gives others, all within the minute', async () => {
    const all = Array.from({ length: 200 }, (_, index) =>
      landing(`f${index}`, '2001-02-02T08:15:00-05:00', 45),
    );
    const seconds = async (seed: number) =>
      (await collect(all, { seed }))
        .filter((event) => event.kind === 'departure')
        .map((event) => `${event.flight.flightId} ${(event.at / 1_000) % 60}`)
        .sort();
    expect(await seconds(1)).toEqual(await seconds(1));
    expect(await seconds(1)).not.toEqual(await seconds(2));
    const used = new Set((await seconds(1)).map((text) => text.split(' ')[1]));
    expect(used.size).toBeGreaterThan(50);
  });

  it('reads only the days it needs', async () => {
    const asked: string[] = [];
    const days: FlightDays = async (day) => {
      asked.push(day);
      return [];
    };
    const options = {
      seed: 1,
      from: Date.parse('2001-02-01T12:00:00Z'),
      until: Date.parse('2001-06-30T00:00:00Z'),
    };
    const after = { at: Date.parse('2001-04-10T12:00:00Z'), kind: 'departure' as const, flightId: 'x' };
    for await (const _ of schedule(days, { ...options, after })) void _;
    expect(asked[0]).toBe('2001-04-08');
    expect(asked.at(-1)).toBe('2001-06-29');
  });
});
