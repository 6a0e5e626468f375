/**
 * Local time of an airport ↔ UTC, by the rules of 2001.
 *
 * in:  airport IND, 2001-05-01 08:15 on its wall clock
 * out: offset −300 minutes (Indianapolis kept no summer time in 2001), so 13:15 UTC
 *
 * Rule: airport → state → IANA zone, with exceptions for airports whose state has several zones; the offset of a zone at an
 * instant comes from Intl, which knows the history (Indiana without summer time until 2006).
 *
 * When it misleads: the hour that occurs twice in autumn has two answers; the earlier is taken. The data end in June.
 *
 * Source: IANA time zone database as shipped with Node; zones by state checked against the 229 airports of the data.
 */
import type { Airport } from './airports.js';

const EASTERN = 'America/New_York';
const CENTRAL = 'America/Chicago';
const MOUNTAIN = 'America/Denver';
const PACIFIC = 'America/Los_Angeles';
const INDIANA = 'America/Indiana/Indianapolis';

const STATES_BY_ZONE: Readonly<Record<string, string>> = {
  [EASTERN]: 'CT DC DE FL GA KY MA MD ME MI NC NH NJ NY OH PA RI SC TN VA VT WV',
  [CENTRAL]: 'AL AR IA IL KS LA MN MO MS ND NE OK SD TX WI',
  [MOUNTAIN]: 'CO ID MT NM UT WY',
  [PACIFIC]: 'CA NV OR WA',
  [INDIANA]: 'IN',
  'America/Phoenix': 'AZ',
  'America/Anchorage': 'AK',
  'Pacific/Honolulu': 'HI',
  'America/Puerto_Rico': 'PR VI',
};

const ZONE_BY_STATE = new Map(
  Object.entries(STATES_BY_ZONE).flatMap(([zone, states]) =>
    states.split(' ').map((state) => [state, zone] as const),
  ),
);

/** Airports that do not follow their state's table entry. */
const ZONE_BY_AIRPORT = new Map([
  ['EVV', CENTRAL], // Evansville, the Indiana corner that keeps Chicago's time
  ['PNS', CENTRAL],
  ['VPS', CENTRAL],
  ['BNA', CENTRAL],
  ['MEM', CENTRAL],
  ['ELP', MOUNTAIN],
  ['RAP', MOUNTAIN],
  ['MQT', EASTERN], // the file knows no state for Marquette, Michigan
]);

/** The IANA time zone of an airport, or undefined where the table has no answer. */
export function zoneOf(airport: Pick<Airport, 'code' | 'state'>): string | undefined {
  return ZONE_BY_AIRPORT.get(airport.code) ?? ZONE_BY_STATE.get(airport.state);
}

/** Offsets change on full hours of UTC in every zone of the table, so one answer an hour is enough. */
const MINUTES_PER_HOUR = 60;
const offsetsByZone = new Map<string, { format: Intl.DateTimeFormat; byHour: Map<number, number> }>();

/** Minutes to add to UTC to get the zone's local time at this instant. */
export function offsetMinutes(zone: string, utcMinutes: number): number {
  let known = offsetsByZone.get(zone);
  if (known === undefined) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    known = { format, byHour: new Map() };
    offsetsByZone.set(zone, known);
  }
  const hour = Math.floor(utcMinutes / MINUTES_PER_HOUR);
  let offset = known.byHour.get(hour);
  if (offset === undefined) {
    offset = offsetAt(known.format, hour * MINUTES_PER_HOUR);
    known.byHour.set(hour, offset);
  }
  return offset;
}

/** The UTC minute at which a zone's wall clock shows `localMinutes`. */
export function utcMinutesOf(zone: string, localMinutes: number): number {
  const guess = localMinutes - offsetMinutes(zone, localMinutes);
  return localMinutes - offsetMinutes(zone, guess);
}

function offsetAt(format: Intl.DateTimeFormat, utcMinutes: number): number {
  const name = format.formatToParts(utcMinutes * 60_000).find((part) => part.type === 'timeZoneName')?.value;
  const match = /^GMT(?:([+-])(\d{2}):(\d{2}))?$/.exec(name ?? '');
  if (match === null) throw new Error(`offsetAt: expected an offset like GMT-05:00, got '${name ?? ''}'`);
  if (match[1] === undefined) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return match[1] === '-' ? -minutes : minutes;
}
