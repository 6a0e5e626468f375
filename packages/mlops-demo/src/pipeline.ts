/**
 * The model's pipeline, from raw flights to a model in production. Every intermediate value is returned: the result is the trace.
 *
 *   ingest → validate → version → split → features → train → evaluate → gate → register → deploy
 */
import type { Airports } from './airports.js';
import { deploy } from './deploy.js';
import type { HasProduction } from './deploy.js';
import { evaluate } from './evaluate.js';
import { computeFeatures } from './features.js';
import { gate } from './gate.js';
import { ingest } from './ingest.js';
import type { ReadsFlights } from './ingest.js';
import type { Plan } from './plan.js';
import { makeArtifact } from './register.js';
import type { Circumstances } from './register.js';
import type { Artifact } from './registry/manifest.js';
import { split } from './split.js';
import type { RunStage, StageResult } from './stage-runner.js';
import { train } from './train.js';
import { validate } from './validate.js';
import { versionOf } from './version.js';

/** The world around the pipeline. */
export interface Shell extends Circumstances {
  flights: ReadsFlights;
  airports: Airports;
  registry: HasProduction & { register(artifact: Artifact): Promise<StageResult & { version: string }> };
  stage: RunStage;
}

/** Runs the plan. A batch or a model that is not good enough stops the run: that is a result, not an error. */
export async function runPipeline(plan: Plan, shell: Shell) {
  const { stage, registry } = shell;
  const ingested = await stage('ingest', () => ingest(plan.read, shell.flights));
  const validated = await stage('validate', () => validate(ingested.raw, shell.airports, plan.expectations));
  if (validated.state === 'failed') return { state: 'batch refused', ingested, validated } as const;

  const { flights } = validated;
  const data = await stage('version', () => versionOf(flights, ingested.raw.source));
  const parts = await stage('split', () => split(flights, plan));
  const features = await stage('features', (progress) => computeFeatures(flights, parts, plan, progress));
  const trained = await stage('train', (progress) => train(features.train, plan, progress));
  const evaluated = await stage('evaluate', () => evaluate(trained.model, features, flights));
  const gated = await stage('gate', () => gate(evaluated.evaluations, plan.limits, evaluated));
  const trace = { ingested, validated, data, parts, features, trained, evaluated, gated };
  if (gated.state === 'failed') return { state: 'model refused', ...trace } as const;

  const results = { plan, flights, data, trainedRows: parts.train.length, trained, evaluated, gated };
  const registered = await stage('register', async () =>
    registry.register(await makeArtifact(results, shell)),
  );
  const deployed = await stage('deploy', () => deploy(registered.version, registry));
  return { state: 'deployed', ...trace, registered, deployed } as const;
}

/** What a run has found, stage by stage. */
export type PipelineRun = Awaited<ReturnType<typeof runPipeline>>;
