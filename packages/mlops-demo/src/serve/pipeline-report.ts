/**
 * The MLOps pipeline as it stands now: what the last run said, and live how its model is served and watched.
 *
 * in:  the report that `mlops run` leaves in the registry, else the served manifest; Deployment; MonitorReport; RetrainState
 * out: PipelineReport, ending in the stages `deploy`, `monitor` and, where the server retrains, `retrain`
 *
 * Rule: `retrain` runs while an attempt is under way, and has passed when the last one ended, however it ended: a discarded challenger
 * is the gate at work; it fails where nobody can tell how an attempt stands. Drift alone is no failure: the monitor's stage fails when the served model is no better than the base rate, or its newest judged
 * day is decay. A run that has been silent for two minutes in the middle of a stage was killed; its report cannot say so itself.
 *
 * When it misleads: retold from a manifest, the stages say what was true when the model was made, without their times.
 */
import type { PipelineReport, StageReport, StageState } from 'service-chassis';
import type { RetrainState } from '../retrain/state.js';
import type { ModelManifest } from '../registry/manifest.js';
import { STAGES } from '../stage-runner/stage.js';
import type { StageName } from '../stage-runner/stage.js';
import type { Deployment } from './follow-registry.js';
import { hasDecayed } from './monitor-report.js';
import type { MonitorReport, MonitorWindow } from './monitor-report.js';

const SOURCE = 'packages/mlops-demo/src';
/** Longer than the longest stage that reports no progress (reading the whole file). */
const SILENT_MS = 120_000;
const STATE_OF_DEPLOYMENT: Record<Deployment['state'], StageState> = {
  waiting: 'waiting',
  loading: 'running',
  serving: 'passed',
  refused: 'failed',
};

export interface PipelineNow {
  run: PipelineReport | undefined;
  manifest: ModelManifest | undefined;
  deployment: Deployment;
  monitor: MonitorReport | undefined;
  /** Undefined where the server does not retrain. */
  retraining?:
    (Pick<RetrainState, 'phase' | 'attempts'> & { decision: { because: string } }) | { damaged: string };
  now: string;
}

export function pipelineNow({
  run,
  manifest,
  deployment,
  monitor,
  retraining,
  now,
}: PipelineNow): PipelineReport {
  const made = run === undefined ? undefined : withoutLifeSigns(run, now);
  const told = made ?? (manifest === undefined ? notRun() : retold(manifest));
  const stages = told.filter(({ name }) => name !== 'deploy' && name !== 'monitor');
  return {
    pipeline: 'mlops',
    updatedAt: now,
    stages: [
      ...stages,
      deployStage(deployment),
      monitorStage(monitor),
      ...(retraining === undefined ? [] : [retrainStage(retraining)]),
    ],
  };
}

function deployStage({ state, because }: Deployment): StageReport {
  return {
    name: 'deploy',
    state: STATE_OF_DEPLOYMENT[state],
    because,
    file: `${SOURCE}/serve/follow-registry.ts`,
  };
}

function monitorStage(report: MonitorReport | undefined): StageReport {
  const file = `${SOURCE}/serve/monitor.ts`;
  if (report === undefined)
    return { name: 'monitor', state: 'waiting', because: 'no model is served yet', file };
  const { verdict, because } = report.drift;
  const decayed = hasDecayed(report) || newestJudged(report)?.diagnosis.state === 'decay';
  const state = decayed ? 'failed' : verdict === 'too few' ? 'running' : 'passed';
  const labels = report.performance === null ? '' : `; ${report.performance.because}`;
  return {
    name: 'monitor',
    state,
    because: `risks (PSI) ${verdict}: ${because}${labels}${adviceOn(report)}`,
    file,
  };
}

/** The flights' own time stands before each step, as their days are not the wall clock's. */
function retrainStage(retraining: NonNullable<PipelineNow['retraining']>): StageReport {
  const file = `${SOURCE}/retrain.ts`;
  if ('damaged' in retraining) return { name: 'retrain', state: 'failed', because: retraining.damaged, file };
  const { phase, attempts, decision } = retraining;
  const last = attempts.at(-1);
  if (last === undefined) return { name: 'retrain', state: 'waiting', because: decision.because, file };
  const { at, to, because } = last.steps?.at(-1) ?? {
    at: last.endedAt ?? last.startedAt,
    to: phase.name === 'idle' ? (last.outcome ?? 'idle') : phase.name,
    because: last.endedBecause ?? last.because,
  };
  const when = `${at.slice(0, 16).replace('T', ' ')} UTC`;
  const version = last.version === undefined ? '' : ` ${last.version}`;
  const state = phase.name === 'idle' ? 'passed' : 'running';
  return {
    name: 'retrain',
    state,
    because: `${when}, attempt ${attempts.length}: ${to}${version}, ${because}`,
    file,
  };
}

/** The newest day whose labels are in. */
function newestJudged({ windows = [] }: MonitorReport): MonitorWindow | undefined {
  return windows.findLast(({ performance }) => performance.state !== 'labels not in yet');
}

function adviceOn(report: MonitorReport): string {
  const day = newestJudged(report);
  if (day !== undefined) return `; inputs and labels of ${day.from}: ${day.diagnosis.state}`;
  if (hasDecayed(report)) return '; the base rate would do as well';
  const judged = typeof report.performance?.auc === 'number';
  return judged && report.drift.verdict === 'shifted' ? '; drift without decay' : '';
}

function stage(name: string, state: StageState, because: string): StageReport {
  return { name, state, because, file: `${SOURCE}/${name}.ts` };
}

type MakingStage = Exclude<StageName, 'deploy'>;
const NAMES = STAGES.filter((name): name is MakingStage => name !== 'deploy');

function withoutLifeSigns({ stages, updatedAt }: PipelineReport, now: string): StageReport[] {
  if (Date.parse(now) - Date.parse(updatedAt) < SILENT_MS) return stages;
  const because = `stopped without a word at ${updatedAt}`;
  return stages.map((each) => (each.state === 'running' ? { ...each, state: 'failed', because } : each));
}

function notRun(): StageReport[] {
  return NAMES.map((name) => stage(name, 'waiting', 'no run yet: `mlops run` trains the first model'));
}

function retold(manifest: ModelManifest): StageReport[] {
  const { data, evaluations } = manifest;
  const rows = (count: number): string => `${count.toLocaleString('en-US')} flights`;
  const scores = evaluations.map(
    ({ period, model, hourTable }) =>
      `${period}: AUC ${model.auc.toFixed(3)} (hour table ${hourTable.auc.toFixed(3)})`,
  );
  const said: Record<MakingStage, string> = {
    ingest: data.source,
    validate: `${rows(data.rows)} kept`,
    version: `data version ${data.version}`,
    split: `trained ${manifest.trainedFrom} to ${manifest.trainedThrough}, data through ${manifest.dataThrough}`,
    features: `${manifest.features.length} inputs`,
    train: `${rows(manifest.trainedRows)}, seed ${manifest.seed}, backend ${manifest.backend}`,
    evaluate: scores.join('; '),
    compare: manifest.comparison?.because ?? 'it was made before runs compared',
    gate: manifest.gate.because,
    register: `${manifest.version} at ${manifest.createdAt}`,
  };
  const gate: StageState = manifest.gate.state;
  return NAMES.map((name) => stage(name, name === 'gate' ? gate : 'passed', said[name]));
}
