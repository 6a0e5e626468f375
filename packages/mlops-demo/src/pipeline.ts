/**
 * The model's pipeline, from raw flights to a model in production. Every intermediate value is returned: the result is the trace.
 *
 *   ingest → validate → version → split → features → train → evaluate → compare → gate → register → deploy
 *
 * Source: D. Baylor and others, "TFX: A TensorFlow-Based Production-Scale Machine Learning Platform" (2017): validation of data and model before
 * anything is served.
 *
 * Example: `npx mlops run` → { state: 'deployed', ingested, validated, …, deployed: { version: '2001-01-31-fda544fb', … } }
 */
import type { Airports } from './airports.js';
import { deploy } from './deploy.js';
import type { Force, HasProduction } from './deploy.js';
import type { Footprint } from './evaluation/footprint.js';
import { writeFeatures } from './features.js';
import { featureFilesIn } from './features/feature-file/store.js';
import { failsByChampionOnly, gate, isLasting } from './gate.js';
import { ingest } from './ingest.js';
import type { ReadsFlights } from './ingest.js';
import type { Plan } from './plan.js';
import type { GivenChampion, RunIdentity } from './registry/champion.js';
import { stagesOf } from './registry/lineage.js';
import type { Artifact } from './registry/manifest.js';
import { split } from './split.js';
import type { Given } from './stage-cache/key.js';
import { passed } from './stage-runner/stage.js';
import type { StageResult, StageRunner } from './stage-runner/stage.js';
import type { Trained } from './train.js';
import { validate } from './validate.js';
import { versionOf } from './version.js';

/** The world around the pipeline. */
export interface Shell extends StageRunner {
  flights: Given<ReadsFlights> & { dataVersions?: string[] };
  airports: Given<Airports>;
  /** The tfjs backend by its name; loaded when a stage needs it. */
  backend: Given<string>;
  createdAt: string;
  /** Of Node, the platform and the libraries. */
  versions: Readonly<Record<string, string>>;
  /** A challenger ends in the registry: shadow and canary decide about its promotion (retrain/attempt.ts). */
  until?: 'register';
  /** Somebody wants the model in production although what is there is as good, or somebody has taken it out. */
  force?: Force;
  registry: HasProduction & {
    /** The model in production, which the new one has to beat. */
    champion(run: RunIdentity): Promise<GivenChampion>;
    register(artifact: Artifact): Promise<StageResult & { version: string }>;
    /** Whether the version is there, and sound. */
    has(version: string): Promise<boolean>;
  };
}

/**
 * Runs the plan. A batch or a model that is not good enough stops the run: that is a result, not an error.
 *
 * A stage names what it depends on, gets just that, and runs when that has changed. What needs tfjs is imported where it runs.
 */
export async function runPipeline(plan: Plan, { stage, act, registry, until, force, ...given }: Shell) {
  const { flights, airports, backend, createdAt, versions } = given;
  const { read, expectations, timetable, train: days, tests, trainRows, epochs, seed, limits } = plan;

  const ingested = await stage('ingest', { flights, read }, ({ flights, read }) => ingest(read, flights));
  const validated = await stage('validate', { ingested, airports, expectations }, (given) =>
    validate(given.ingested.raw, given.airports, given.expectations),
  );
  const clean = passed(validated);
  if (clean === undefined) return { state: 'batch refused', ingested, validated } as const;

  const data = await stage('version', { ingested, clean }, ({ ingested, clean }) =>
    versionOf(clean.flights, ingested.raw.source),
  );
  const parts = await stage('split', { clean, train: days, tests, trainRows, seed }, ({ clean, ...plan }) =>
    split(clean.flights, plan),
  );
  const timing = { timetable, train: days, seed };
  const features = await stage('features', { clean, parts, timing }, (given, progress, folder) =>
    writeFeatures(given.clean.flights, given.parts, given.timing, featureFilesIn(folder), progress),
  );
  const trained = await stage('train', { backend, features, epochs, seed }, async (given, progress) => {
    const { train } = await import('./train.js');
    return train(given.features.train, given, progress);
  });
  const evaluated = await stage(
    'evaluate',
    { backend, trained, features, clean },
    async (given, progress) => {
      const { evaluate } = await import('./evaluate.js');
      return evaluate(given.trained.model, given.features, given.clean.flights, progress);
    },
  );
  const champion = await registry.champion({ plan, trained: trained.digest, data: data.digest });
  const contest = { backend, trained, clean, parts, timing, champion };
  const compared = await stage('compare', contest, async ({ clean, parts, trained, ...given }, progress) => {
    const { compare } = await import('./compare.js');
    const both = { flights: clean.flights, tests: parts.tests, challenger: trained.model };
    return compare({ ...both, ...given }, progress);
  });
  const footprint = footprintOn(backend, trained);
  const verdict = { evaluated, compared, footprint, limits };
  const gated = await stage(
    'gate',
    verdict,
    ({ evaluated, compared, footprint, limits }) =>
      gate(evaluated.evaluations, limits, { footprint, comparison: compared }),
    isLasting,
  );
  const trace = { ingested, validated, data, parts, features, trained, evaluated, compared, gated };
  // What a person has forced into production stays there when its run is repeated.
  const mayStand =
    gated.state === 'passed' ||
    ((champion.isOwn || force !== undefined) && failsByChampionOnly(await gated.value()));
  if (!mayStand) return { state: 'model refused', ...trace } as const;

  const made = [ingested, validated, data, parts, features, trained, evaluated, compared, gated];
  const stages = stagesOf(made);
  const { digest, dataVersions } = flights;
  const files = { flights: digest, airports: airports.digest, ...(dataVersions && { dataVersions }) };
  const lineage = { plan: { ...plan }, ...files, stages, versions: { ...versions } };
  const results = { plan, backend, clean, data, parts, trained, evaluated, compared, gated };
  const registered = await stage(
    'register',
    results,
    async (results) => {
      const { makeArtifact } = await import('./register.js');
      return registry.register(await makeArtifact(results, { createdAt, lineage }));
    },
    ({ version }) => registry.has(version),
  );
  if (until === 'register') return { state: 'registered', ...trace, registered } as const;
  const { version } = await registered.value();
  const findings = {
    gate: gated,
    compared: () => compared.value(),
    force,
    replaces: champion.version ?? null,
  };
  const deployed = await act('deploy', () => deploy(version, registry, findings));
  const state = deployed.state === 'failed' ? 'registered, not deployed' : 'deployed';
  return { state, ...trace, registered, deployed } as const;
}

/** Measured when the gate judges, and no part of what is judged: the same model may be judged on another machine. */
function footprintOn(backend: Given<string>, trained: Given<Trained>): Given<Footprint> {
  return {
    digest: trained.digest,
    value: async () => {
      await backend.value();
      const { footprintOf } = await import('./evaluation/footprint.js');
      return footprintOf((await trained.value()).model);
    },
  };
}

/** What a run has found, stage by stage. */
export type PipelineRun = Awaited<ReturnType<typeof runPipeline>>;
