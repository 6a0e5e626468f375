import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import { openFlights } from '../src/data/store.js';
import type { FlightSource } from '../src/data/store.js';
import { modelCard } from '../src/model-card.js';
import { runPipeline } from '../src/pipeline.js';
import type { PipelineRun, Shell } from '../src/pipeline.js';
import type { Plan } from '../src/plan.js';
import type { Artifact } from '../src/registry/manifest.js';
import { readRecord, registerModel, transition } from '../src/registry/changes/store.js';
import { listModels, loadModel, productionVersion, readModel } from '../src/registry/store.js';
import { scoreBatch } from '../src/model.js';
import type { StageChange } from '../src/stage-runner/run-report.js';
import { SDF_PLAN } from './sdf.js';
import { artifactOf, randomModel } from './serve/world.js';
import { cacheIn, given, shellOf } from './shell.js';

/** Every look at it is `step` milliseconds later: a busy minute is one with large steps. */
const clock = vi.hoisted(() => ({ ms: 0, step: 0 }));
vi.mock('../src/evaluation/clock.js', () => ({ monotonicMs: () => (clock.ms += clock.step) }));

let modelsDir: string;
let source: FlightSource;
let changes: StageChange[];
let run: PipelineRun;
let artifact: Artifact | undefined;

async function runPlan(plan: Plan, more: Pick<Shell, 'force'> = {}): Promise<PipelineRun> {
  changes = [];
  const flights = given('flights-3m', source);
  const onChange = (change: StageChange): unknown => changes.push(change);
  const shell = shellOf(modelsDir, flights, onChange, cacheIn(modelsDir), (made) => {
    artifact = made;
  });
  return runPipeline(plan, { ...shell, ...more });
}

const statesOf = (): (string | undefined)[] =>
  (changes.at(-1)?.report.stages ?? []).map(({ state }) => state);

beforeAll(async () => {
  await chooseBackend('wasm');
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-'));
  source = await openFlights();
  run = await runPlan(SDF_PLAN);
});
afterAll(async () => {
  source.close();
  await rm(modelsDir, { recursive: true });
});

describe('a run on the flights of Louisville', () => {
  test('goes through all eleven stages', () => {
    expect(run.state).toBe('deployed');
    expect(statesOf()).toEqual(Array.from({ length: 11 }, () => 'passed'));
  });

  test('gives these values, stage by stage', async () => {
    if (run.state !== 'deployed') throw new Error(run.state);
    expect((await run.ingested.value()).raw.localMinutes).toHaveLength(21_488);
    expect((await run.validated.value()).report).toMatchObject({ clean: 21_432 });
    expect((await run.data.value()).version).toBe('flights-9d0af19e2b16');
    expect((await run.parts.value()).train).toHaveLength(12_426);
    expect((await run.features.value()).tests.map(({ labels }) => labels.length)).toEqual([3756, 3591]);
    expect((await run.trained.value()).losses).toHaveLength(6);
    expect(run.deployed).toMatchObject({ previous: undefined });
  });

  test('learns: AUC at least .85, log loss 30 % below the hour table, in May and in June', async () => {
    if (run.state !== 'deployed') throw new Error(run.state);
    for (const { model, hourTable } of (await run.evaluated.value()).evaluations) {
      expect(model.auc).toBeGreaterThanOrEqual(0.85);
      expect(1 - model.logLoss / hourTable.logLoss).toBeGreaterThanOrEqual(0.3);
    }
  });

  test('leaves a model in production that loads and answers what it answered in training', async () => {
    if (run.state !== 'deployed') throw new Error(run.state);
    const loaded = await loadModel(modelsDir);
    if (loaded.state !== 'loaded') throw new Error(loaded.because);
    const [test] = (await run.features.value()).tests;
    if (test === undefined) throw new Error('no test period');
    const { rows } = test.read(0, test.count);
    expect(scoreBatch(loaded.model, rows)).toEqual(scoreBatch((await run.trained.value()).model, rows));
    expect(loaded.manifest.data.version).toBe((await run.data.value()).version);
    expect(loaded.history().length).toBeGreaterThan(1500);
  });

  test('done again gives the same version, already there', async () => {
    if (run.state !== 'deployed') throw new Error(run.state);
    await rm(join(modelsDir, 'stages'), { recursive: true });
    const again = await runPlan(SDF_PLAN);
    expect(again).toMatchObject({
      registered: { state: 'already there' },
      deployed: { version: run.deployed.version, previous: run.deployed.version },
    });
  });
});

describe('a cache entry of a stage that is damaged', () => {
  test.each(['evaluate', 'gate'] as const)('is computed again, and equal: %s', async (name) => {
    const before = await runPlan(SDF_PLAN);
    if (before.state !== 'deployed') throw new Error(before.state);
    const { key, digest } = name === 'evaluate' ? before.evaluated : before.gated;
    await writeFile(join(modelsDir, 'stages', name, key, 'value.json'), '{}');
    const again = await runPlan(SDF_PLAN);
    if (again.state !== 'deployed') throw new Error(again.state);
    const output = name === 'evaluate' ? again.evaluated : again.gated;
    expect((await output.value()).because).toBe(output.because);
    expect(changes.some((change) => change.name === name && change.state === 'running')).toBe(true);
    expect((await runPlan(SDF_PLAN)).state).toBe('deployed');
    expect(output.digest).toBe(digest);
  });
});

describe('a run that must not end in production', () => {
  test('stops at the gate, registers nothing and says why', async () => {
    const before = await listModels(modelsDir);
    const refused = await runPlan({
      ...SDF_PLAN,
      seed: 9,
      epochs: 1,
      limits: { ...SDF_PLAN.limits, leastAuc: 0.99 },
    });
    expect(refused.state).toBe('model refused');
    expect(statesOf().slice(-3)).toEqual(['failed', 'skipped', 'skipped']);
    expect(changes.at(-1)?.because).toContain('at least 0.99 is asked for');
    expect(await listModels(modelsDir)).toEqual(before);
  });

  test('is refused in a busy minute, when an answer takes too long, and not in the next one', async () => {
    const plan = { ...SDF_PLAN, limits: { ...SDF_PLAN.limits, mostParameters: 99_000 } };
    clock.step = 80;
    const busy = await runPlan(plan);
    clock.step = 0;
    expect(busy).toMatchObject({
      state: 'model refused',
      gated: { because: 'milliseconds for one answer is 80.000, at most 50 is asked for' },
    });
    expect(await runPlan(plan)).toMatchObject({ state: 'deployed' });
  });

  test('stops at validation when the batch is too small', async () => {
    const refused = await runPlan({ ...SDF_PLAN, expectations: { flightsPerDay: [13_000, 19_000] } });
    expect(refused.state).toBe('batch refused');
    expect(statesOf().slice(0, 3)).toEqual(['passed', 'failed', 'skipped']);
  });
});

describe('the registry', () => {
  const place = async (): Promise<string> =>
    join(modelsDir, 'versions', (await productionVersion(modelsDir)) ?? '');

  test('refuses a model with one flipped byte, and names the file', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'mlops-damaged-'));
    await cp(modelsDir, copy, { recursive: true });
    const file = (await place()).replace(modelsDir, copy);
    const weights = await readFile(join(file, 'weights.bin'));
    weights.writeUInt8(weights.readUInt8(100) ^ 1, 100);
    await writeFile(join(file, 'weights.bin'), weights);
    const loaded = await loadModel(copy);
    expect(loaded).toMatchObject({ state: 'refused' });
    expect(loaded).toHaveProperty('because', expect.stringMatching(/weights\.bin has .* its manifest says/));
    await rm(copy, { recursive: true });
  });

  test('refuses a truncated history and a manifest that is no manifest', async () => {
    const copy = await mkdtemp(join(tmpdir(), 'mlops-damaged-'));
    await cp(modelsDir, copy, { recursive: true });
    const file = (await place()).replace(modelsDir, copy);
    await truncate(join(file, 'history.csv.gz'), 10);
    expect(await loadModel(copy)).toHaveProperty('because', expect.stringContaining('history.csv.gz has'));
    await writeFile(join(file, 'manifest.json'), '{"version":');
    expect(await loadModel(copy)).toHaveProperty(
      'because',
      expect.stringContaining('manifest.json cannot be read'),
    );
    expect(await listModels(copy)).toEqual([]);
    await rm(copy, { recursive: true });
  });

  test('replaces a damaged version when the same artifact is registered again', async () => {
    await truncate(join(await place(), 'weights.bin'), 10);
    if (artifact === undefined) throw new Error('no run has made an artifact');
    expect(await registerModel(modelsDir, artifact)).toMatchObject({ state: 'registered' });
    expect(await loadModel(modelsDir)).toMatchObject({ state: 'loaded' });
  });

  test('does not show a registration that broke off half-way', async () => {
    const before = await listModels(modelsDir);
    const draft = join(modelsDir, 'versions', '.2001-06-30-00000000.half');
    await mkdir(draft);
    await cp(join(await place(), 'manifest.json'), join(draft, 'manifest.json'));
    expect(await listModels(modelsDir)).toEqual(before);
    await rm(draft, { recursive: true });
  });

  test('leaves no draft behind', async () => {
    const names = [...(await readdir(modelsDir)), ...(await readdir(join(modelsDir, 'versions')))];
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('says what is missing: no model yet, no such version, no way out of its folder', async () => {
    expect(await loadModel(join(modelsDir, 'empty'))).toHaveProperty(
      'because',
      'no model is in production yet: run `mlops run`',
    );
    expect(await loadModel(modelsDir, '2002')).toMatchObject({ state: 'absent' });
    expect(await loadModel(modelsDir, '../versions')).toMatchObject({ state: 'absent' });
  });
});

describe('a model that left production', () => {
  const at = '2001-07-02T00:00:00Z';
  const replaceBy = async (version: string, by: string): Promise<void> => {
    await registerModel(modelsDir, await artifactOf(randomModel(1), version, []));
    await transition(modelsDir, { version, to: 'production', by, because: 'it annoyed customers', at });
  };
  const ownVersion = (): string => {
    if (!('deployed' in run)) throw new Error(run.state);
    return run.deployed.version;
  };

  test('on a person’s word is not put back by the next run of the same command, and it says who took it out', async () => {
    await replaceBy('2001-01-24-by-ann', 'person:ann');
    const again = await runPlan(SDF_PLAN);
    expect(again).toMatchObject({
      state: 'registered, not deployed',
      deployed: {
        state: 'failed',
        because: `${ownVersion()} stays out of production: person:ann took it out: 2001-01-24-by-ann took its place: it annoyed customers. \`mlops promote ${ownVersion()}\` brings it back, or a run with --force --because`,
      },
    });
    expect(statesOf().slice(-2)).toEqual(['passed', 'failed']);
    expect(await productionVersion(modelsDir)).toBe('2001-01-24-by-ann');
  });

  test('comes back by a run with a person’s reason, in that person’s name', async () => {
    const force = { by: 'person:bob', because: 'they complained about the old one' };
    expect(await runPlan(SDF_PLAN, { force })).toMatchObject({ state: 'deployed' });
    expect(await readRecord(modelsDir, ownVersion())).toMatchObject({
      stage: 'production',
      by: 'person:bob',
      because: expect.stringMatching(
        /^they complained about the old one \(a run passed the gate, in the place of 2001-01-24-by-ann: all \d+ checks hold; .*; although person:ann took it out: 2001-01-24-by-ann took its place: it annoyed customers\)$/,
      ) as string,
    });
  });

  test('because the pipeline put another one there comes back by the next run', async () => {
    await replaceBy('2001-01-24-by-run', 'pipeline');
    expect(await runPlan(SDF_PLAN)).toMatchObject({ state: 'deployed' });
    expect(await productionVersion(modelsDir)).toBe(ownVersion());
  });

  test('and came back is on record with the comparison that decided, not with that of the run that made it', async () => {
    const record = await readRecord(modelsDir, ownVersion());
    expect(record?.because).toMatch(
      /^a run passed the gate, in the place of 2001-01-24-by-run: all \d+ checks hold; better than 2001-01-24-by-run: log loss lower by/,
    );
    expect(record?.decided).toMatchObject({
      against: { version: '2001-01-24-by-run' },
      because: expect.stringMatching(/^better than 2001-01-24-by-run/) as string,
      gate: 'passed',
      by: 'pipeline',
    });
    const read = await readModel(modelsDir, ownVersion());
    if (read.state !== 'sound') throw new Error(read.because);
    expect(read.manifest.comparison?.because).toBe('nothing was in production');
    expect(modelCard(read.manifest, record)).toContain(
      `The newest run that has promoted it, at ${record?.since} by pipeline, with the gate passed: better than 2001-01-24-by-run`,
    );
  });

  test('and came back repeats that comparison from then on, and computes nothing', async () => {
    const again = await runPlan(SDF_PLAN);
    if (!('deployed' in again)) throw new Error(again.state);
    expect(again.compared.because).toMatch(/^better than 2001-01-24-by-run/);
    expect(again.deployed.because).toBe(
      `production stays ${ownVersion()}: in production already, by the promotion of 2001-07-01T00:00:00.000Z (pipeline)`,
    );
    const computed = changes.filter(({ name, state }) => state === 'running' && name !== 'deploy');
    expect(computed).toEqual([]);
  });
});
