/** Made-up windows for tests: what a day of flights looks like to the monitor. */
import { FEATURE_COUNT, FEATURE_NAMES } from '../../src/features/names.js';
import { dayNumber } from '../../src/flights.js';
import { FlightWindow } from '../../src/monitor/flight-window.js';
import type { WindowFacts } from '../../src/monitor/flight-window.js';
import { seedRandom } from '../../src/seeded-random.js';

export interface DayOptions {
  day?: string;
  departures?: number;
  /** Minutes added to every delay mean: a storm. */
  storm?: number;
  /** Share of departures in unseen route-slots. */
  unseen?: number;
  /** Share of departures with an input that is no number. */
  missing?: number;
  /** The codes flights are from and to. */
  airports?: readonly string[];
  /** 1: risks are right; 0: they have nothing to do with what happens. */
  insight?: number;
  /** Share of the flights that have landed. */
  landed?: number;
  complete?: boolean;
  seed?: number;
}

const AIRPORTS = ['ATL', 'SDF', 'ORD', 'DEN', 'LAX'];
const SLOT_LOG_N = FEATURE_NAMES.indexOf('timetable slot, log n');

/** A day of flights. The same options give the same day. */
export function dayOfFlights(options: DayOptions = {}): WindowFacts {
  const { day = '2001-02-01', departures = 4_000, storm = 0, unseen = 0.03, insight = 1 } = options;
  const { landed = 1, complete = true, missing = 0, airports = AIRPORTS, seed = 1 } = options;
  const random = seedRandom(seed);
  const window = new FlightWindow(random);
  const midnight = dayNumber(day) * 1440;
  const pick = (): string => airports[Math.floor(random() * airports.length)] ?? 'ATL';
  for (let i = 0; i < departures; i++) {
    const localMinutes = midnight + 360 + Math.floor(random() * 960);
    const inputs = new Float32Array(FEATURE_COUNT);
    for (let input = 13; input < FEATURE_COUNT; input++) inputs[input] = random() * 20 + storm;
    if (random() < missing) inputs[20] = NaN;
    inputs[SLOT_LOG_N] = random() < unseen ? 0 : 1 + random();
    // Late with 60 % or 8 %: a model with insight knows which.
    const late = random() < 0.2 ? 0.6 : 0.08;
    const known = random() < insight ? late : 0.08 + random() * 0.5;
    const flight = {
      origin: pick(),
      destination: pick(),
      localMinutes,
      utcMinutes: localMinutes + 300,
      distanceMiles: 200 + random() * 800,
    };
    window.departed(flight, inputs, known);
    if (i < departures * landed) window.landed(known, random() < late ? 30 : 0);
  }
  return window.facts({ from: day, through: day, complete, whole: true });
}
