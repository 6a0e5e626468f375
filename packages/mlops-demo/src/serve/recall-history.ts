/**
 * Recall: replay the flights that came with a model, in little memory and without keeping requests waiting.
 *
 * in:  `history.csv.gz` of 15 days (250,000 flights, 13 MB of text)
 * out: LiveFeatures as if they had been there
 *
 * Rule: the text becomes columns (5 MB), line by line; then departures and landings pass in the order in which the world
 * learned of them, as in training. After every few thousand steps whoever waits has their turn.
 *
 * When it misleads: the landing time is estimated, as in training (`landedUtcMinutes`).
 *
 * Why not all flights as objects: measured, that took 150 MB of heap for a second, more than the server needs in all its life.
 */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { countOf, departureAt, landedAt, landingAt } from '../data/columns.js';
import type { FlightColumns } from '../data/columns.js';
import { orderByMinute } from '../data/order.js';
import { departureMinutes } from '../flights.js';
import type { LiveFeatures } from './live-features.js';

const unzip = promisify(gunzip);
const HEADER = 'origin,destination,departedAt,distanceMiles,delayMinutes';
const NEWLINE = 0x0a;
/** A few milliseconds, on a busy machine too: whoever asks the server meanwhile has a quarter of a second. */
const STEPS_PER_TURN = 1_000;
const BYTES_PER_TURN = 1_000_000;

type Breathe = () => Promise<void>;

/** Replays a packed history. */
export async function recallHistory(live: LiveFeatures, packed: Uint8Array, breathe: Breathe): Promise<void> {
  const flights = await historyColumns(packed, breathe);
  const landedMinutes = new Int32Array(countOf(flights));
  for (let position = 0; position < countOf(flights); position++) {
    landedMinutes[position] = landedAt(flights, position);
    if (position % STEPS_PER_TURN === 0) await breathe();
  }
  const landings = orderByMinute(landedMinutes);
  let landed = 0;
  const landUntil = (minute: number): void => {
    while (landed < landings.length && landedMinutes[landings[landed]!]! < minute) {
      live.features.landed(landingAt(flights, landings[landed++]!));
    }
  };
  for (let position = 0; position < countOf(flights); position++) {
    landUntil(flights.utcMinutes[position]!);
    live.features.departed(departureAt(flights, position));
    if (position % STEPS_PER_TURN === 0) await breathe();
  }
  landUntil(Infinity);
}

/** The flights of a packed history, in order of departure. */
export async function historyColumns(packed: Uint8Array, breathe: Breathe): Promise<FlightColumns> {
  return columnsOf(await unzip(packed), breathe);
}

/** The lines as columns. They are in order of departure already. */
async function columnsOf(csv: Buffer, breathe: Breathe): Promise<FlightColumns> {
  const lines = linesOf(csv);
  const header = lines.next().value ?? '';
  if (header !== HEADER) {
    throw new Error(`recallHistory: expected the header '${HEADER}', got '${header.slice(0, 80)}'`);
  }
  const count = await countLines(csv, breathe);
  const numbers = () => new Int32Array(count);
  const [utcMinutes, localMinutes, distances, delays] = [numbers(), numbers(), numbers(), numbers()];
  const [origins, destinations] = [new Uint16Array(count), new Uint16Array(count)];
  const codes = new Map<string, number>();
  const indexOf = (code: string): number => {
    const known = codes.get(code) ?? codes.size;
    codes.set(code, known);
    return known;
  };
  let position = 0;
  for (const line of lines) {
    const [origin = '', destination = '', departedAt = '', distance, delay] = line.split(',');
    const distanceMiles = Number(distance);
    const flight = departureMinutes({ flightId: '', origin, destination, departedAt, distanceMiles });
    origins[position] = indexOf(origin);
    destinations[position] = indexOf(destination);
    utcMinutes[position] = flight.utcMinutes;
    localMinutes[position] = flight.localMinutes;
    distances[position] = distanceMiles;
    delays[position] = Number(delay);
    if (++position % STEPS_PER_TURN === 0) await breathe();
  }
  const airports = { codes: [...codes.keys()], origins, destinations };
  return { ...airports, utcMinutes, localMinutes, distanceMiles: distances, delayMinutes: delays };
}

async function countLines(csv: Buffer, breathe: Breathe): Promise<number> {
  let count = 0;
  for (let from = 0; from < csv.length; from += BYTES_PER_TURN) {
    for (const byte of csv.subarray(from, from + BYTES_PER_TURN)) if (byte === NEWLINE) count += 1;
    await breathe();
  }
  return count;
}

function* linesOf(csv: Buffer): Generator<string, undefined> {
  for (let from = 0; from < csv.length;) {
    const newline = csv.indexOf(NEWLINE, from);
    const to = newline < 0 ? csv.length : newline;
    yield csv.toString('latin1', from, to);
    from = to + 1;
  }
}
