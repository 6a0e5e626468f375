/** Runs `mlops reproduce VERSION` and `mlops lineage VERSION` on the registry on disk. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readArguments, TEXT, UsageError } from '../../command-line.js';
import { openObjectStore } from '../../data/objects/open.js';
import type { Plan } from '../../plan.js';
import { runPipeline } from '../../pipeline.js';
import { isTableManifest } from '../../registry/any-manifest.js';
import { NO_CHAMPION } from '../../registry/champion.js';
import { lineageLines } from '../../registry/lineage.js';
import type { Lineage } from '../../registry/lineage.js';
import type { ModelManifest } from '../../registry/manifest.js';
import { readModel, readVersion } from '../../registry/store.js';
import { tableLineageLines } from '../../registry/table/lineage.js';
import { stageLine } from '../../report/run-lines.js';
import { compareRuns } from '../../reproduce.js';
import type { Reproducible } from '../../reproduce.js';
import { givenAirports, givenBackend, givenFlights, versionsHere } from '../../stage-cache/given/store.js';
import type { GivenFlights } from '../../stage-cache/given/store.js';
import { openStageCache } from '../../stage-cache/store.js';
import { createStageRunner } from '../../stage-runner.js';
import { dataPlaceOf, modelsDirOf } from '../../usage.js';

/** `mlops lineage`: answers the exit code. */
export async function lineage(args: readonly string[]): Promise<number> {
  const { modelsDir, version } = wishOf(args);
  const read = await readVersion(modelsDir, version);
  if (read.state !== 'sound') throw new Error(read.because);
  const { manifest } = read.artifact;
  const lines = isTableManifest(manifest)
    ? tableLineageLines(manifest)
    : lineageLines(version, manifest.data, lineageOf(manifest));
  console.log(lines.join('\n'));
  return 0;
}

/** `mlops reproduce`: 0 equal, 1 different. */
export async function reproduce(args: readonly string[]): Promise<number> {
  const { model: recorded, modelsDir, data } = await recordedModel(args);
  const now = await runAgain(recorded, data ?? dataPlaceOf(modelsDir, process.env));
  if (now === undefined) {
    console.log(`different: a run of the plan of ${recorded.version} makes no model now`);
    return 1;
  }
  const { state, because, differences } = compareRuns(recorded, now);
  console.log(`${state}: ${because}`);
  for (const { what, recorded, now } of differences)
    console.log(`  ${what}: ${recorded} recorded, ${now} now`);
  return state === 'equal' ? 0 : 1;
}

interface RecordedModel {
  modelsDir: string;
  /** Where its data versions are, if somebody said so. */
  data: string | undefined;
  model: ModelManifest & Reproducible;
}

async function recordedModel(args: readonly string[]): Promise<RecordedModel> {
  const { modelsDir, version, data } = wishOf(args);
  const read = await readModel(modelsDir, version);
  if (read.state !== 'sound') throw new Error(read.because);
  return { modelsDir, data, model: { ...read.manifest, lineage: lineageOf(read.manifest) } };
}

function wishOf(args: readonly string[]): { modelsDir: string; version: string; data: string | undefined } {
  const { positionals, values } = readArguments(args, { models: TEXT, out: TEXT, data: TEXT });
  const [command = '', version = '', ...more] = positionals;
  if (version === '' || more.length > 0) throw new UsageError(`${command}: expected a version`);
  return { modelsDir: modelsDirOf(values.models ?? values.out, process.env), version, data: values.data };
}

function lineageOf({ version, lineage }: ModelManifest): Lineage {
  if (lineage === undefined) throw new Error(`${version} was registered before lineage was recorded`);
  return lineage;
}

/** The same plan, with a cache that is empty and gone afterwards, into no registry. Undefined when a batch or the model is refused. */
async function runAgain(
  { lineage, backend }: Reproducible,
  dataPlace: string,
): Promise<Reproducible | undefined> {
  const plan = lineage.plan as unknown as Plan;
  const flights = await flightsOf(plan, lineage.dataVersions, dataPlace);
  const folder = await mkdtemp(join(tmpdir(), 'mlops-reproduce-'));
  let made: Reproducible | undefined;
  try {
    await runPipeline(plan, {
      flights,
      airports: givenAirports(),
      backend: givenBackend(process.env['TRIOPS_TFJS_BACKEND'] ?? backend),
      createdAt: new Date().toISOString(),
      versions: versionsHere(),
      ...createStageRunner({
        now: Date.now,
        cache: openStageCache(folder, () => undefined),
        onChange: (change) => {
          if (change.state !== 'running' && change.name !== 'deploy') console.log(stageLine(change));
        },
      }),
      registry: {
        register: ({ manifest }) => {
          if (manifest.lineage !== undefined) made = { ...manifest, lineage: manifest.lineage };
          return Promise.resolve({ version: manifest.version, because: 'compared, not registered' });
        },
        has: () => Promise.resolve(false),
        champion: () => Promise.resolve(NO_CHAMPION),
        production: () => Promise.resolve(undefined),
        record: () => Promise.resolve(undefined),
        promote: () => Promise.resolve(),
      },
    });
    return made;
  } finally {
    await flights.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What it was trained on: the same data versions, or the recorded file. */
async function flightsOf(
  { read }: Plan,
  dataVersions: readonly string[] | undefined,
  dataPlace: string,
): Promise<GivenFlights> {
  if (dataVersions === undefined) return givenFlights();
  const { givenVersions } = await import('../../data/versioned-flights/store.js');
  return givenVersions(openObjectStore(dataPlace, process.env), read, dataVersions);
}
