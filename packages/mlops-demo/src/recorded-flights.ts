/**
 * The recorded flights, day by day, as the services speak of them. The replay reads its world from here.
 *
 * in:  a local calendar day, for example `2001-02-01`
 * out: its flights as Landing[], in order of departure (UTC); undefined outside of the record
 *
 * Rule: cleaned by the same `validate` as the training data. With a `sample` of 0.5 every flight stays or goes by a hash of its
 * name and the seed, so that a restart finds the same flights again.
 *
 * When it misleads: `landedAt` is estimated (`landedUtcMinutes`), the file carries no landing time. Leaving flights out makes
 * airports look quieter than the model learned them.
 *
 * Example: 2001-02-01 holds 17,023 flights, the first is `SJU-FLL-20010201T0606`.
 */
import { countOf, landingAt } from './data/columns.js';
import { openFlights } from './data/store.js';
import { dateOf, dayNumber, flightIdOf, landingOf } from './flights.js';
import type { Landing } from './flights.js';
import { validate } from './validate.js';
import { readAirports } from './vega-datasets/store.js';

/** Which flights to tell of. */
export interface RecordingOptions {
  /** The share of flights that stays, 0 to 1 (default 1). */
  sample?: number;
  seed?: number;
}

/** Days of recorded flights. */
export interface RecordedFlights {
  day(date: string): Promise<readonly Landing[] | undefined>;
  close(): void;
}

const FIRST_DAY = dayNumber('2001-01-01');
const LAST_DAY = dayNumber('2001-06-30');

/** Opens the record. Reading a day takes about 0.2 s and little memory: one thread, and a bound for DuckDB. */
export async function openRecordedFlights(options: RecordingOptions = {}): Promise<RecordedFlights> {
  const airports = readAirports();
  const source = await openFlights({ threads: 1, memoryLimit: '128MB' });
  const stays = (flight: Landing): boolean =>
    shareOf(flight.flightId, options.seed ?? 1) < (options.sample ?? 1);
  return {
    close: () => source.close(),
    async day(date) {
      if (dayNumber(date) < FIRST_DAY || dayNumber(date) > LAST_DAY) return undefined;
      const validated = validate(await source.read({ from: date, through: date }), airports, {});
      if (validated.state === 'failed') throw new Error(`recorded flights of ${date}: ${validated.because}`);
      const { flights } = validated;
      const landings: Landing[] = [];
      const seen = new Map<string, number>();
      for (let position = 0; position < countOf(flights); position++) {
        const landing = landingOf(landingAt(flights, position));
        const occurrence = (seen.get(landing.flightId) ?? 0) + 1;
        seen.set(landing.flightId, occurrence);
        landings.push({ ...landing, flightId: flightIdOf(landing, occurrence) });
      }
      return landings.filter(stays);
    },
  };
}

/** The flights from one local day to another, both included: an array a day. */
export async function* readFlights(
  span: { from: string; to: string } & RecordingOptions,
): AsyncGenerator<readonly Landing[]> {
  const recorded = await openRecordedFlights(span);
  try {
    for (let day = dayNumber(span.from); day <= dayNumber(span.to); day++) {
      yield (await recorded.day(dateOf(day))) ?? [];
    }
  } finally {
    recorded.close();
  }
}

/** A number in [0, 1) that belongs to this name and seed (FNV-1a with a final mix). */
function shareOf(name: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}:${name}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
