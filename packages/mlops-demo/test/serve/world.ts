/** A small world for tests: five airports, made-up flights of a few days, and models that judge them. */
import { offsetMinutes } from '../../src/airport-time.js';
import { fitTimetable } from '../../src/features/fit-timetable.js';
import type { FrozenTimetable } from '../../src/features/frozen-timetable.js';
import { FEATURE_COUNT, FEATURE_NAMES } from '../../src/features/names.js';
import { packTimetable } from '../../src/features/timetable-file.js';
import { dayNumber, landedUtcMinutes, landingOf } from '../../src/flights.js';
import type { FlightEvent, LandingMinutes } from '../../src/flights.js';
import { createNetwork, saveNetwork } from '../../src/model.js';
import type { DelayModel } from '../../src/model.js';
import { eventsInOrder, packHistory } from '../../src/registry/history.js';
import type { Artifact, ModelManifest } from '../../src/registry/manifest.js';
import { digestOf } from '../../src/registry/store.js';
import { seedRandom } from '../../src/seeded-random.js';

interface Place {
  code: string;
  zone: string;
}

const PLACES: readonly [Place, ...Place[]] = [
  { code: 'SDF', zone: 'America/New_York' },
  { code: 'ATL', zone: 'America/New_York' },
  { code: 'ORD', zone: 'America/Chicago' },
  { code: 'DEN', zone: 'America/Denver' },
  { code: 'LAX', zone: 'America/Los_Angeles' },
];

export const TIMETABLE_AS_OF = '2001-01-25';

/** Flights of some days (UTC), in order of departure. The same seed gives the same flights. */
export function flightsOf(firstDay: string, days: number, perDay: number, seed = 1): LandingMinutes[] {
  const random = seedRandom(seed);
  const start = dayNumber(firstDay) * 1440;
  const pick = (): Place => PLACES[Math.floor(random() * PLACES.length)] ?? PLACES[0];
  const flights = Array.from({ length: days * perDay }, (_, index): LandingMinutes => {
    // From 12:00 UTC on, so that the local day is the UTC day everywhere.
    const utcMinutes = start + Math.floor(index / perDay) * 1440 + 720 + Math.floor(random() * 400);
    const from = pick();
    const others = PLACES.filter(({ code }) => code !== from.code);
    const to = others[Math.floor(random() * others.length)] ?? PLACES[0];
    const localMinutes = utcMinutes + offsetMinutes(from.zone, utcMinutes);
    const distanceMiles = 200 + Math.floor(random() * 1800);
    const delayMinutes = Math.floor(random() * 90) - 20;
    return {
      origin: from.code,
      destination: to.code,
      utcMinutes,
      localMinutes,
      distanceMiles,
      delayMinutes,
      landedUtcMinutes: landedUtcMinutes(utcMinutes, distanceMiles, delayMinutes),
    };
  });
  return flights.sort((a, b) => a.utcMinutes - b.utcMinutes);
}

/** The feed's events of these flights, in the order in which the world learned of them. */
export function feedEventsOf(flights: readonly LandingMinutes[]): FlightEvent[] {
  const idOf = new Map<LandingMinutes, string>();
  const taken = new Map<string, number>();
  for (const flight of flights) {
    const { flightId } = landingOf(flight);
    const occurrence = (taken.get(flightId) ?? 0) + 1;
    taken.set(flightId, occurrence);
    idOf.set(flight, landingOf(flight, occurrence).flightId);
  }
  return [...eventsInOrder(flights)].map((event) => {
    const landing = {
      ...landingOf(event.flight as LandingMinutes),
      flightId: idOf.get(event.flight as LandingMinutes)!,
    };
    if (event.type === 'landed') return { type: 'landed', ...landing };
    const { flightId, origin, destination, departedAt, distanceMiles } = landing;
    return { type: 'departed', flightId, origin, destination, departedAt, distanceMiles };
  });
}

/** A model of random weights, small enough that every feature counts. */
export function randomModel(seed: number): DelayModel {
  const normaliser = {
    means: Array.from({ length: FEATURE_COUNT }, () => 0),
    deviations: Array.from({ length: FEATURE_COUNT }, () => 8),
  };
  return { network: createNetwork(seed), normaliser };
}

/** The timetable that these flights teach. */
export function timetableOf(history: readonly LandingMinutes[], asOf = TIMETABLE_AS_OF): FrozenTimetable {
  const codes = PLACES.map(({ code }) => code);
  const inOrder = history.toSorted((a, b) => a.utcMinutes - b.utcMinutes);
  const column = (name: 'utcMinutes' | 'localMinutes' | 'distanceMiles' | 'delayMinutes'): Int32Array =>
    Int32Array.from(inOrder, (flight) => flight[name]);
  return fitTimetable(
    {
      codes,
      origins: Uint16Array.from(inOrder, ({ origin }) => codes.indexOf(origin)),
      destinations: Uint16Array.from(inOrder, ({ destination }) => codes.indexOf(destination)),
      utcMinutes: column('utcMinutes'),
      localMinutes: column('localMinutes'),
      distanceMiles: column('distanceMiles'),
      delayMinutes: column('delayMinutes'),
    },
    dayNumber(asOf),
  );
}

/** What the registry holds of a model. */
export async function artifactOf(
  model: DelayModel,
  version: string,
  history: readonly LandingMinutes[],
  changes: Partial<ModelManifest> = {},
): Promise<Artifact> {
  const files = {
    ...(await saveNetwork(model.network)),
    'timetable.bin': packTimetable(timetableOf(history)),
    'history.csv.gz': packHistory(history),
  };
  const scores = {
    rows: 1000,
    lateShare: 0.2,
    auc: 0.87,
    prAuc: 0.7,
    lift: 4,
    logLoss: 0.3,
    brier: 0.09,
    ece: 0.02,
    skill: 0.34,
  };
  const manifest: ModelManifest = {
    version,
    createdAt: '2001-01-31T00:00:00Z',
    seed: 1,
    backend: 'cpu',
    trainedFrom: '2001-01-15',
    trainedThrough: '2001-01-24',
    trainedRows: 1000,
    dataThrough: '2001-01-31',
    data: { version: 'd-test', rows: history.length, source: 'made up' },
    features: [...FEATURE_NAMES],
    timetable: { kind: 'nightly', asOf: TIMETABLE_AS_OF },
    normaliser: model.normaliser,
    calibration: model.calibration ?? { slope: 1, intercept: 0 },
    evaluations: [
      {
        period: 'the last week',
        model: scores,
        baseRate: scores,
        hourTable: { ...scores, auc: 0.64 },
        logisticRegression: scores,
        intervals: { auc: [0.86, 0.88], logLoss: [0.29, 0.31], ece: [0.01, 0.03] },
        slices: [],
      },
    ],
    baseRate: 0.2,
    gate: { state: 'passed', because: 'all checks passed', checks: [] },
    riskHistogram: [0.4, 0.2, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03, 0.02, 0.02],
    files: {
      'model.json': digestOf(files['model.json']),
      'weights.bin': digestOf(files['weights.bin']),
      'timetable.bin': digestOf(files['timetable.bin']),
      'history.csv.gz': digestOf(files['history.csv.gz']),
    },
    ...changes,
  };
  return { manifest, files };
}
