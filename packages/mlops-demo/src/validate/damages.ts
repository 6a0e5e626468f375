/**
 * Ways in which a batch breaks on its way, each done to good flights: what validation must find.
 *
 * in:  RawFlights → out: the same flights, broken
 *
 * Rule: damage is done to every row unless its name says otherwise, and is the same for the same batch. What breaks a file rather than its
 * rows (a renamed column, a truncated file, a wrong encoding) needs a file: test/data/broken-batches.test.ts.
 */
import { countOf, MISSING } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';

/** A way to break a batch. */
export type Damage = (raw: RawFlights) => RawFlights;

const KILOMETRES_PER_MILE = 1.609344;
const MINUTES_PER_YEAR = 365 * 1440;
const EVERY = 20;

/** The damages by name. */
export const DAMAGES: Readonly<Record<string, Damage>> = {
  'delays in seconds': (raw) => ({ ...raw, delayMinutes: raw.delayMinutes.map((delay) => delay * 60) }),
  'distances in kilometres': (raw) => ({
    ...raw,
    distanceMiles: raw.distanceMiles.map((miles) => Math.round(miles * KILOMETRES_PER_MILE)),
  }),
  'clock an hour ahead': (raw) => ({ ...raw, localMinutes: raw.localMinutes.map((minutes) => minutes + 60) }),
  'clock an hour behind': (raw) => ({
    ...raw,
    localMinutes: raw.localMinutes.map((minutes) => minutes - 60),
  }),
  'every 20th delay missing': (raw) => ({
    ...raw,
    delayMinutes: raw.delayMinutes.map((delay, row) => (row % EVERY === 0 ? MISSING : delay)),
  }),
  'every 20th row twice': (raw) => repeated(raw),
  'every 20th row a year ahead': (raw) => ({
    ...raw,
    localMinutes: raw.localMinutes.map((minutes, row) =>
      row % EVERY === 0 ? minutes + MINUTES_PER_YEAR : minutes,
    ),
  }),
  'every 20th origin unknown': (raw) => ({
    ...raw,
    codes: [...raw.codes, 'XQZ'],
    origins: raw.origins.map((origin, row) => (row % EVERY === 0 ? raw.codes.length : origin)),
  }),
  'origin and destination swapped': (raw) => ({
    ...raw,
    origins: raw.destinations,
    destinations: raw.origins,
  }),
  'distance and delay swapped': (raw) => ({
    ...raw,
    distanceMiles: raw.delayMinutes,
    delayMinutes: raw.distanceMiles,
  }),
  'the second half missing': (raw) => picked(raw, firstHalf(raw)),
};

function repeated(raw: RawFlights): RawFlights {
  const rows = countOf(raw);
  return picked(
    raw,
    Uint32Array.from({ length: rows + Math.floor(rows / EVERY) }, (_, i) => i - Math.floor(i / (EVERY + 1))),
  );
}

function firstHalf(raw: RawFlights): Uint32Array {
  return Uint32Array.from({ length: countOf(raw) >> 1 }, (_, row) => row);
}

/** The rows at these positions. */
export function picked(raw: RawFlights, positions: Uint32Array): RawFlights {
  const pick = (column: Int32Array): Int32Array => Int32Array.from(positions, (row) => column[row]!);
  return {
    source: raw.source,
    codes: raw.codes,
    origins: pick(raw.origins),
    destinations: pick(raw.destinations),
    localMinutes: pick(raw.localMinutes),
    distanceMiles: pick(raw.distanceMiles),
    delayMinutes: pick(raw.delayMinutes),
  };
}
