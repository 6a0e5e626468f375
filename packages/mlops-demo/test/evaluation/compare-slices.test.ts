import { describe, expect, test } from 'vitest';
import type { FlightColumns } from '../../src/data/columns.js';
import { compareSlices } from '../../src/evaluation/compare-slices.js';
import type { SliceComparison } from '../../src/evaluation/compare-slices.js';
import { compareWithChampion } from '../../src/evaluation/compare-with-champion.js';
import { studentTail } from '../../src/evaluation/student-t.js';
import { dayNumber } from '../../src/flights.js';
import { seedRandom } from '../../src/seeded-random.js';

const DAYS = 7;
const PER_DAY = 4_000;
const CODES = ['ATL', 'ORD', 'DFW', 'SDF', 'SJU', 'PHX', 'LAX', 'DEN'];
const FIRST = dayNumber('2001-02-22');

/** A week of flights from eight airports whose true risks are known. */
function week(seed: number) {
  const random = seedRandom(seed);
  const rows = DAYS * PER_DAY;
  const whole = (below: number): number => Math.floor(random() * below);
  const truth = Float32Array.from({ length: rows }, () => 0.02 + 0.9 * random() ** 3);
  const labels = Uint8Array.from(truth, (risk) => (random() < risk ? 1 : 0));
  const origins = Uint16Array.from({ length: rows }, () => whole(CODES.length));
  const localMinutes = Int32Array.from(
    { length: rows },
    (_, row) => (FIRST + (row % DAYS)) * 1440 + 360 + whole(1000),
  );
  const flights: FlightColumns = {
    codes: CODES,
    origins,
    destinations: origins.map((origin) => (origin + 1) % CODES.length),
    utcMinutes: localMinutes.map((minute) => minute + 300),
    localMinutes,
    distanceMiles: Int32Array.from({ length: rows }, () => 100 + whole(2000)),
    delayMinutes: Int32Array.from(labels, (late) => late * 30),
  };
  /** As another seed of the training would differ. */
  const wobble = (size: number, salt: number): Float32Array => {
    const dice = seedRandom(salt);
    return truth.map((risk) => shifted(risk, (dice() - 0.5) * size));
  };
  const compare = (challenger: Float32Array, champion: Float32Array) => {
    const blocks = localMinutes.map((minute) => Math.floor(minute / 1440));
    const paired = { labels, blocks, challenger, champion } as const;
    const slices = compareSlices(flights, Uint32Array.from(labels.keys()), paired);
    return {
      slices,
      unfair: slices.filter(({ unfair }) => unfair),
      state: compareWithChampion(paired).state,
    };
  };
  /** Wrong for one airport only. */
  const ruinedAt = (code: string, by: number, risks = truth): Float32Array =>
    risks.map((risk, row) => (CODES[origins[row] ?? 0] === code ? shifted(risk, by) : risk));
  return { truth, labels, wobble, ruinedAt, compare };
}

/** A risk moved by so much on the scale of log odds. */
function shifted(risk: number, by: number): number {
  return 1 / (1 + Math.exp(-(Math.log(risk / (1 - risk)) + by)));
}

const nameOf = ({ by, name }: SliceComparison): string => `${by} ${name}`;

describe('a challenger, slice by slice', () => {
  const { truth, wobble, ruinedAt, compare } = week(1);

  test('that is better on the whole and ruined for one airport is unfair to that one and to no other', () => {
    const found = compare(ruinedAt('SJU', 1.2), wobble(2.4, 2));
    expect(found.state).toBe('better');
    expect(found.unfair.map(nameOf)).toEqual(['airport SJU']);
    expect(found.unfair[0]?.challenger).toBeGreaterThan((found.unfair[0]?.champion ?? 1) + 0.02);
    expect(found.slices[0]).toBe(found.unfair[0]);
  });

  test('that is better everywhere is unfair to nobody', () => {
    expect(compare(truth, wobble(4, 2)).unfair).toEqual([]);
  });

  test('that differs by its seed is unfair to nobody', () => {
    expect(compare(wobble(1, 3), wobble(1, 4)).unfair).toEqual([]);
  });

  test('that is the champion itself has p of 1 everywhere', () => {
    expect(new Set(compare(truth, truth).slices.map(({ p }) => p))).toEqual(new Set([1]));
  });

  test('that calls every risk too high is unfair to many, in airports, hours and distances', () => {
    const { unfair } = compare(
      wobble(0, 1).map((risk) => shifted(risk, 1)),
      truth,
    );
    expect(new Set(unfair.map(({ by }) => by))).toEqual(new Set(['airport', 'hour', 'distance', 'month']));
  });

  test('that is surely worse for an airport, by less than is tolerated, is not unfair to it', () => {
    const { slices, unfair } = compare(ruinedAt('SJU', 0.25), truth);
    const [worst] = slices;
    expect(worst && nameOf(worst)).toBe('airport SJU');
    expect(worst?.p).toBeLessThan(0.05);
    expect(unfair).toEqual([]);
  });
});

describe("Student's t", () => {
  // scipy.stats.t.sf, SciPy 1.17.1.
  test.each([
    [2.5, 6, 0.02326411614208365],
    [0, 3, 0.5],
    [-1.2, 1, 0.7788579383763045],
    [6, 6, 0.00048226759720756626],
    [4.303, 2, 0.02499626249260725],
    [31.6, 2, 0.0004999701268399735],
    [1.96, 60, 0.02732246486826465],
    [5.2, 13, 8.554534363524112e-5],
  ])('of %d with %d degrees of freedom is %d', (t, degrees, expected) => {
    expect(studentTail(t, degrees)).toBeCloseTo(expected, 11);
  });

  test('needs at least two values', () => {
    expect(() => studentTail(1, 0)).toThrow('expected whole degrees of freedom of at least 1, got 0');
  });
});
