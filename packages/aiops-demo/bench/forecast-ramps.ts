/** Seeded resources that fill up, or do not: eleven kinds, for the question when a limit is hit. */
import { seededRandom } from 'aiops-demo';

export interface Ramp {
  readonly kind: string;
  readonly past: readonly number[];
  readonly future: readonly number[];
  readonly limit: number;
}

const PAST = 90;
const FUTURE = 60;
/** Limits lie up to so many ranges above the last values: about half of them are hit. */
const FURTHEST_RANGES = 0.7;

interface Draw {
  readonly slope: number;
  readonly size: number;
  readonly top: number;
  readonly breakAt: number;
  /** A random walk, a process that returns to its mean, steps, noise: at this time. */
  readonly walk: number;
  readonly returning: number;
  readonly stairs: number;
  readonly noise: number;
}

const KINDS: Readonly<Record<string, (time: number, draw: Draw) => number>> = {
  flat: (_time, { noise }) => noise,
  'straight rise': (time, { slope, noise }) => slope * time + 0.3 * noise,
  'noisy rise': (time, { slope, noise }) => slope * time + 3 * noise,
  'rising walk': (time, { slope, walk }) => slope * time + walk,
  'rise with a day': (time, { slope, noise }) =>
    slope * time + 10 * Math.sin((2 * Math.PI * time) / 24) + noise,
  'levels off': (time, { top, noise }) => top * (1 - Math.exp(-time / 40)) + noise,
  stairs: (_time, { stairs, noise }) => stairs + noise,
  'returns to its mean': (_time, { returning }) => returning,
  'leak begins': (time, { slope, breakAt, noise }) => 4 * slope * Math.max(0, time - breakAt) + noise,
  'leak ends': (time, { slope, breakAt, noise }) => 4 * slope * Math.min(time, breakAt) + noise,
  'burst on a rise': (time, { slope, breakAt, noise }) =>
    slope * time + noise + (time > breakAt && time < breakAt + 12 ? 20 : 0),
};

export function ramps(each: number): Ramp[] {
  return Object.keys(KINDS).flatMap((kind, index) =>
    Array.from({ length: each }, (_, copy) => rampOf(kind, seededRandom(1_000 * index + copy))),
  );
}

function rampOf(kind: string, random: () => number): Ramp {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const slope = 0.1 + 0.4 * random();
  const size = 0.5 + 2 * random();
  const fixed = { slope, size, top: 20 + 30 * random(), breakAt: 20 + Math.floor(50 * random()) };
  let [walk, returning, stairs] = [0, 0, 0];
  const values = Array.from({ length: PAST + FUTURE }, (_, time) => {
    walk += normal();
    returning = 0.95 * returning + normal();
    if (random() < 0.05) stairs += 20 * slope;
    return 100 + (KINDS[kind]?.(time, { ...fixed, walk, returning, stairs, noise: size * normal() }) ?? 0);
  });
  const past = values.slice(0, PAST);
  const range = Math.max(1, Math.max(...values) - Math.min(...values));
  const limit = Math.max(...past.slice(-5)) + (0.02 + FURTHEST_RANGES * random()) * range;
  return { kind, past, future: values.slice(PAST), limit };
}
