import { describe, expect, test } from 'vitest';
import {
  dateOf,
  dayNumber,
  departureMinutes,
  departureOf,
  flightIdOf,
  landedUtcMinutes,
  landingMinutes,
  landingOf,
  minuteOfDay,
} from '../src/flights.js';

const LANDING = {
  flightId: 'ATL-SAV-20010201T0815',
  origin: 'ATL',
  destination: 'SAV',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 215,
  landedAt: '2001-02-01T09:25:00-05:00',
  delayMinutes: 14,
};

describe('a flight', () => {
  test('has two clocks: 08:15 in Atlanta is 13:15 in UTC', () => {
    const { utcMinutes, localMinutes } = departureMinutes(LANDING);
    expect(minuteOfDay(localMinutes)).toBe(8 * 60 + 15);
    expect(minuteOfDay(utcMinutes)).toBe(13 * 60 + 15);
  });

  test('survives the way into numbers and back', () => {
    expect(landingOf(landingMinutes(LANDING))).toEqual(LANDING);
  });

  test('in UTC has the offset zero', () => {
    const departedAt = '2001-02-01T13:15:00Z';
    const flight = departureMinutes({ ...LANDING, departedAt });
    expect(flight.localMinutes).toBe(flight.utcMinutes);
    expect(departureOf(flight).departedAt).toBe('2001-02-01T13:15:00+00:00');
  });

  test('without an offset is refused, because its local time is unknown', () => {
    const departedAt = '2001-02-01T08:15:00';
    expect(() => departureMinutes({ ...LANDING, departedAt })).toThrow(/expected an instant like/);
  });

  test('that departs never is refused', () => {
    expect(() => departureMinutes({ ...LANDING, departedAt: 'soon' })).toThrow("got 'soon'");
  });

  test('shares its minute and route with another one, and is told apart by a number', () => {
    expect(flightIdOf(LANDING)).toBe('ATL-SAV-20010201T0815');
    expect(flightIdOf(LANDING, 2)).toBe('ATL-SAV-20010201T0815-2');
  });

  test('of 500 miles, 20 minutes late, is known 110 minutes after departure', () => {
    expect(landedUtcMinutes(0, 500, 20)).toBe(30 + 60 + 20);
  });

  test('that is early is not known before it has flown', () => {
    expect(landedUtcMinutes(0, 500, -20)).toBe(30 + 60);
  });
});

describe('a day', () => {
  test('is counted from 1970', () => {
    expect(dayNumber('2001-02-01')).toBe(11_354);
    expect(dateOf(11_354)).toBe('2001-02-01');
  });

  test.each(['2001-02-30x', '1 February', '2001-13-01', '2001-02-30T00:00'])('is not %s', (text) => {
    expect(() => dayNumber(text)).toThrow('expected a date like 2001-01-31');
  });
});
