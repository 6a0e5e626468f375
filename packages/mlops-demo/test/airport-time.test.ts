import { expect, test } from 'vitest';
import { offsetMinutes, utcMinutesOf, zoneOf } from '../src/airport-time.js';
import { parseAirports } from '../src/airports.js';
import { dayNumber } from '../src/flights.js';
import { openFlights } from '../src/data/store.js';
import { readAirports } from '../src/vega-datasets/store.js';

const MAY = dayNumber('2001-05-01') * 1440 + 12 * 60;
const JANUARY = dayNumber('2001-01-15') * 1440 + 12 * 60;
const airports = readAirports();

function offsetOf(code: string, minutes: number): number | undefined {
  const airport = airports.get(code);
  const zone = airport && zoneOf(airport);
  return zone === undefined ? undefined : offsetMinutes(zone, minutes) / 60;
}

test.each([
  ['JFK', -5, -4],
  ['ORD', -6, -5],
  ['DEN', -7, -6],
  ['SEA', -8, -7],
  ['PHX', -7, -7],
  ['HNL', -10, -10],
  ['SJU', -4, -4],
  ['STT', -4, -4],
  ['ANC', -9, -8],
  ['IND', -5, -5],
  ['FWA', -5, -5],
  ['SBN', -5, -5],
  ['EVV', -6, -5],
  ['SDF', -5, -4],
  ['PNS', -6, -5],
  ['MIA', -5, -4],
  ['MEM', -6, -5],
  ['TYS', -5, -4],
  ['ELP', -7, -6],
  ['RAP', -7, -6],
  ['BOI', -7, -6],
  ['MQT', -5, -4],
])('%s was %i hours from UTC in January 2001 and %i in May', (code, winter, summer) => {
  expect(offsetOf(code, JANUARY)).toBe(winter);
  expect(offsetOf(code, MAY)).toBe(summer);
});

test('every airport of the data has a zone', async () => {
  const source = await openFlights();
  const { codes } = await source.read({ from: '2001-01-01', through: '2001-01-01' });
  source.close();
  expect(codes).toHaveLength(229);
  expect(codes.filter((code) => offsetOf(code, MAY) === undefined)).toEqual([]);
});

test('the clocks of New York go forward on 1 April 2001 at 02:00', () => {
  const before = dayNumber('2001-04-01') * 1440 + 60 + 59;
  expect(utcMinutesOf('America/New_York', before) - before).toBe(5 * 60);
  const after = before + 62;
  expect(utcMinutesOf('America/New_York', after) - after).toBe(4 * 60);
});

test('a name with a comma stays in one piece', () => {
  expect(airports.get('BTR')).toMatchObject({ name: 'Baton Rouge Metropolitan, Ryan', state: 'LA' });
});

test('a file with other columns is refused', () => {
  expect(() => parseAirports('code;name')).toThrow('expected the header of airports.csv');
});
