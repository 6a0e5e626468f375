/** Runs `mlops reproduce VERSION` and `mlops lineage VERSION` on the registry on disk. */
import { parseArgs } from 'node:util';
import type { Plan } from '../../plan.js';
import { runPipeline } from '../../pipeline.js';
import { openObjectStore } from '../../data/objects/open.js';
import { versionsIn } from '../../data/versioned-flights/cover.js';
import { lineageLines } from '../../registry/lineage.js';
import type { ModelManifest } from '../../registry/manifest.js';
import { readModel } from '../../registry/store.js';
import { stageLine } from '../../report/run-lines.js';
import { compareRuns } from '../../reproduce.js';
import type { Reproducible } from '../../reproduce.js';
import { codeDigests } from '../../stage-cache/code/store.js';
import { givenAirports, givenBackend, givenFlights, versionsHere } from '../../stage-cache/given/store.js';
import { withoutCache } from '../../stage-cache/stage-cache.js';
import { TRAINED_CODEC } from '../../stage-cache/trained-codec.js';
import { createStageRunner } from '../../stage-runner.js';
import { modelsDirOf, UsageError } from '../../usage.js';

/** `mlops lineage`: answers the exit code. */
export async function lineage(args: readonly string[]): Promise<number> {
  const { version, data, lineage } = (await recordedModel(args)).model;
  console.log(lineageLines(version, data, lineage).join('\n'));
  return 0;
}

/** `mlops reproduce`: 0 equal, 1 different. */
export async function reproduce(args: readonly string[]): Promise<number> {
  const { model: recorded, place } = await recordedModel(args);
  const now = await runAgain(recorded, place);
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

interface Recorded {
  model: ModelManifest & Reproducible;
  /** Where its data versions are, if it was made of any. */
  place: string;
}

async function recordedModel(args: readonly string[]): Promise<Recorded> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { out: { type: 'string' }, data: { type: 'string' } },
  });
  const [command = '', version = '', ...more] = positionals;
  if (version === '' || more.length > 0) throw new UsageError(`${command}: expected a version`);
  const modelsDir = modelsDirOf(values.out, process.env);
  const read = await readModel(modelsDir, version);
  if (read.state !== 'sound') throw new Error(read.because);
  const { lineage } = read.manifest;
  if (lineage === undefined) throw new Error(`${version} was registered before lineage was recorded`);
  const place = values.data ?? process.env['DATA_URL'] ?? `${modelsDir}/data`;
  return { model: { ...read.manifest, lineage }, place };
}

/** The same plan, without cache, into no registry. Undefined when a batch or the model is refused. */
async function runAgain(
  { lineage, backend, data }: ModelManifest & Reproducible,
  place: string,
): Promise<Reproducible | undefined> {
  const plan = lineage.plan as unknown as Plan;
  const flights = await flightsOf(data.source, plan, place);
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
        cache: withoutCache(codeDigests(), { train: TRAINED_CODEC }),
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
        production: () => Promise.resolve(undefined),
        promote: () => Promise.resolve(),
      },
    });
    return made;
  } finally {
    flights.close();
  }
}

/** The file, or the very versions that the model names. */
async function flightsOf(source: string, plan: Plan, place: string) {
  const versions = versionsIn(source);
  if (versions === undefined) return givenFlights();
  const { givenVersions } = await import('../../data/versioned-flights/store.js');
  return givenVersions(openObjectStore(place, process.env), plan.read, versions);
}
