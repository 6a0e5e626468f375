/** Which comparisons are made, and which are not, on the flights of Louisville and with registries in a folder. */
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import { compare } from '../src/compare.js';
import type { FlightColumns } from '../src/data/columns.js';
import { computeFeatures } from '../src/features.js';
import type { Features } from '../src/features.js';
import { FEATURE_COUNT } from '../src/features/names.js';
import { scoreBatch } from '../src/model.js';
import type { DelayModel } from '../src/model.js';
import type { Champion } from '../src/registry/champion.js';
import { championFor } from '../src/registry/champion/store.js';
import type { Comparison, ModelManifest } from '../src/registry/manifest.js';
import { registerModel, transition } from '../src/registry/changes/store.js';
import { changeStage } from '../src/registry/stages.js';
import { split } from '../src/split.js';
import type { Split } from '../src/split.js';
import { train } from '../src/train.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';
import { artifactOf, randomModel } from './serve/world.js';

let flights: FlightColumns;
let parts: Split;
let features: Features;
let good: DelayModel;
let small: DelayModel;
beforeAll(async () => {
  await chooseBackend('wasm');
  flights = await sdfFlights();
  parts = split(flights, SDF_PLAN);
  features = computeFeatures(flights, parts, SDF_PLAN);
  good = (await train(features.train, SDF_PLAN)).model;
  const { rows, ...labelled } = features.train;
  const first = {
    rows: rows.subarray(0, 2000 * FEATURE_COUNT),
    labels: labelled.labels.subarray(0, 2000),
    days: labelled.days.subarray(0, 2000),
    positions: labelled.positions.subarray(0, 2000),
  };
  small = (await train(first, SDF_PLAN)).model;
});

function against(model: DelayModel, trainedThrough = '2001-04-30', challenger = good): Comparison {
  const champion: Champion = {
    state: 'loaded',
    digest: 'd',
    version: 'm-0',
    trainedThrough,
    model,
    timetable: undefined,
  };
  return compare({ flights, tests: parts.tests, challenger, timing: SDF_PLAN, champion });
}

describe('a challenger beside the model in production', () => {
  test('is better than one of three weeks, on all test flights, and the comparison names it', () => {
    const found = against(small);
    expect(found).toMatchObject({
      state: 'better',
      against: { version: 'm-0', digest: 'd' },
      rows: 7347,
      days: 61,
    });
    expect(found.because).toMatch(
      /^better than m-0: log loss lower by 0\.\d{4} \(95 % by t over 61 days: \+0/,
    );
  });

  test('is compared once on each flight, however many test periods name its day', () => {
    const [june] = parts.tests.slice(-1);
    if (june === undefined) throw new Error('no test period');
    const lastWeek = { period: 'its last week', rows: june.rows.slice(-800) };
    const champion = { state: 'loaded', digest: 'd', version: 'm-0', model: small } as const;
    const contest = { flights, challenger: good, timing: SDF_PLAN };
    const [once, twice] = [[june], [june, lastWeek]].map((tests) =>
      compare({
        ...contest,
        tests,
        champion: { ...champion, trainedThrough: '2001-04-30', timetable: undefined },
      }),
    );
    expect(once).toMatchObject({ state: 'better', rows: june.rows.length });
    expect(twice).toEqual(once);
  });

  test('is worse than a better one, and equal to itself', () => {
    expect(against(good, undefined, small).state).toBe('worse');
    expect(against(good)).toMatchObject({ state: 'equal', logLossGain: 0 });
  });

  test('is judged by the risks that its own test has given it', () => {
    const [one, other] = [against(small), against(small, undefined, small)];
    if (!('logLoss' in one) || !('logLoss' in other)) throw new Error('expected comparisons');
    expect(one.logLoss.champion).toBe(other.logLoss.challenger);
    const risks = features.tests.flatMap(({ rows }) => [...scoreBatch(good, rows)]);
    const labels = features.tests.flatMap(({ labels }) => [...labels]);
    const loss = risks.map((risk, row) => -Math.log(labels[row] === 1 ? risk : 1 - risk));
    expect(one.logLoss.challenger).toBeCloseTo(loss.reduce((a, b) => a + b) / loss.length, 9);
  });

  test('is compared on those days only that the champion has learned nothing from', () => {
    expect(against(small, '2001-05-31')).toMatchObject({ rows: 3591, days: 30 });
  });

  test('is not compared where fewer than three such days are left: the champion knows how these days ended', () => {
    expect(against(small, '2001-06-28')).toMatchObject({
      state: 'not comparable',
      because:
        'm-0 has learned from days through 2001-06-28: 2 of the 61 test days are later, 3 are asked for. Test on later days',
    });
  });

  test('has nobody to beat when there is none, and the reason is that of the registry', () => {
    const champion = { state: 'none', digest: 'none', because: 'nothing was in production' } as const;
    expect(compare({ flights, tests: parts.tests, challenger: good, timing: SDF_PLAN, champion })).toEqual({
      state: 'no champion',
      because: 'nothing was in production',
      against: { digest: 'none' },
    });
  });
});

describe('the champion of a registry', () => {
  let modelsDir: string;
  const plan = { train: SDF_PLAN.train, dataThrough: SDF_PLAN.dataThrough, timetable: SDF_PLAN.timetable };
  const run = { plan, trained: '1'.repeat(64), data: '2'.repeat(64) };
  const stage = (digest: string) => ({ code: 'c'.repeat(64), key: 'f'.repeat(64), digest });
  const lineage: ModelManifest['lineage'] = {
    plan: { ...SDF_PLAN },
    flights: 'a'.repeat(64),
    airports: 'b'.repeat(64),
    stages: { train: stage(run.trained), version: stage(run.data) },
    versions: {},
  };
  const produce = async (version: string, changes: Partial<ModelManifest> = {}): Promise<void> => {
    await registerModel(modelsDir, await artifactOf(randomModel(1), version, [], changes));
    await transition(modelsDir, {
      version,
      to: 'production',
      by: 'test',
      because: 'test',
      at: '2001-02-01T00:00:00Z',
    });
  };

  beforeAll(async () => {
    vi.stubEnv('TRIOPS_STATE_DIR', '');
    modelsDir = await mkdtemp(join(tmpdir(), 'mlops-champion-'));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await rm(modelsDir, { recursive: true });
  });

  test('is nobody at first', async () => {
    const champion = await championFor(modelsDir, run);
    expect(champion).toMatchObject({ version: undefined, isOwn: false });
    expect(await champion.value()).toMatchObject({ state: 'none', because: 'nothing was in production' });
  });

  test('is what is in production, with a digest that is known before its network is loaded', async () => {
    await produce('m-1');
    const champion = await championFor(modelsDir, run);
    expect(champion).toMatchObject({
      version: 'm-1',
      isOwn: false,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await champion.value()).toMatchObject({
      state: 'loaded',
      version: 'm-1',
      trainedThrough: '2001-01-24',
    });
    expect((await championFor(modelsDir, run)).digest).toBe(champion.digest);
  });

  test('of the run that has made it is the one that it was compared with, under the same digest', async () => {
    const { digest } = await championFor(modelsDir, run);
    const comparison = {
      state: 'not comparable',
      because: 'forced',
      against: { version: 'm-1', digest },
    } as const;
    await produce('m-2', { lineage, comparison });
    const champion = await championFor(modelsDir, run);
    expect(champion).toMatchObject({ version: 'm-2', isOwn: true, digest });
    expect(await champion.value()).toMatchObject({ state: 'loaded', version: 'm-1' });
  });

  test.each([
    ['other weights', { ...run, trained: '9'.repeat(64) }],
    ['other flights', { ...run, data: '9'.repeat(64) }],
    ['another timetable', { ...run, plan: { ...plan, timetable: 'frozen' as const } }],
  ])('of a run with %s is what is in production itself', async (_, other) => {
    expect(await championFor(modelsDir, other)).toMatchObject({ version: 'm-2', isOwn: false });
    expect(await (await championFor(modelsDir, other)).value()).toMatchObject({ version: 'm-2' });
  });

  test('that reads other inputs is none, and it is said', async () => {
    await produce('m-3', { features: ['clock'] });
    const champion = await (await championFor(modelsDir, run)).value();
    expect(champion).toMatchObject({
      state: 'none',
      because: 'what is in production cannot be compared with (m-3 reads other inputs)',
    });
  });

  test('that is damaged is none, and the reason names the file', async () => {
    await produce('m-4');
    await truncate(join(modelsDir, 'versions', 'm-4', 'weights.bin'), 10);
    const champion = await championFor(modelsDir, run);
    expect(champion).toMatchObject({ version: 'm-4', isOwn: false });
    expect((await champion.value()) as { because: string }).toMatchObject({
      state: 'none',
      because: expect.stringMatching(/cannot be compared with \(m-4: weights\.bin has 10 bytes/) as string,
    });
  });

  test('that nobody trusted has signed is none', async () => {
    await produce('m-5');
    await writeFile(join(modelsDir, 'versions', 'm-5', 'manifest.sig'), '{}');
    expect(await (await championFor(modelsDir, run)).value()).toMatchObject({
      state: 'none',
      because: expect.stringContaining('manifest.sig is no signature') as string,
    });
  });
});

describe('a promotion', () => {
  const record = (version: string, stage: 'candidate' | 'production') =>
    ({ version, stage, since: '2001', by: 'x', because: 'x' }) as const;
  const registry = { records: [record('m-1', 'production'), record('m-2', 'candidate')], before: [] };
  const change = { version: 'm-2', to: 'production', by: 'pipeline', because: 'better', at: '2001' } as const;

  test.each([[null], ['m-0']])(
    'is refused when another version is in production than at the comparison: %s',
    (replaces) => {
      expect(changeStage(registry, { ...change, replaces })).toEqual({
        state: 'refused',
        decidedBy: 'x',
        because: 'm-1 has come into production meanwhile: m-2 was not compared with it',
      });
    },
  );

  test.each([['m-1'], [undefined]])('is made when it is still that one, or nobody asks: %s', (replaces) => {
    const wish = replaces === undefined ? change : { ...change, replaces };
    expect(changeStage(registry, wish)).toMatchObject({ state: 'changed' });
  });
});
