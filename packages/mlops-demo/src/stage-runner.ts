/**
 * Runs the stages of a pipeline one after the other and keeps the report that says how far it is.
 *
 * in:  stage('train', (progress) => train(…, progress))
 * out: whatever the stage returns; beside it the PipelineReport changes: waiting → running (with a percentage) → passed or failed
 *
 * Rule: a stage's own `because` is the report's. A stage whose result has the state `failed` ends the run; the ones behind it are
 * skipped.
 */
import type { PipelineReport, StageReport, StageState } from 'service-chassis';
import type { Progress } from './features.js';

/** The stages in order. Each stands in the source file of its name. */
export const STAGES = [
  'ingest',
  'validate',
  'version',
  'split',
  'features',
  'train',
  'evaluate',
  'gate',
  'register',
  'deploy',
] as const;
export type StageName = (typeof STAGES)[number];

/** What a stage returns: at least a reason. */
export interface StageResult {
  because: string;
  state?: string;
}

/** Runs one stage. */
export type RunStage = <T extends StageResult>(
  name: StageName,
  work: (progress: Progress) => T | Promise<T>,
) => Promise<T>;

/** A change in the run: the stage it happened in, how far it is, and the whole report. */
export interface StageChange {
  name: StageName;
  state: StageState;
  because: string;
  seconds: number;
  done?: number;
  total?: number;
  report: PipelineReport;
}

const SOURCE_FOLDER = 'packages/mlops-demo/src';
const REPORT_EVERY_MS = 200;

/** A report in which nothing has happened yet. */
export function waitingReport(nowMs: number): PipelineReport {
  return {
    pipeline: 'mlops',
    updatedAt: new Date(nowMs).toISOString(),
    stages: STAGES.map((name): StageReport => ({
      name,
      state: 'waiting',
      because: 'not reached yet',
      file: `${SOURCE_FOLDER}/${name}.ts`,
    })),
  };
}

/** Stages that tell `onChange` about themselves. `now` is in milliseconds. */
export function createStageRunner(now: () => number, onChange: (change: StageChange) => void): RunStage {
  let report = waitingReport(now());
  return async (name, work) => {
    const startedMs = now();
    const tell = (state: StageState, because: string, progress: { done?: number; total?: number } = {}) => {
      const seconds = (now() - startedMs) / 1000;
      report = withStage(report, now(), name, { state, because, seconds });
      if (state === 'failed') report = skipWaiting(report, name);
      onChange({ name, state, because, seconds, ...progress, report });
    };
    let toldMs = startedMs;
    tell('running', 'started');
    try {
      const result = await work((done, total) => {
        if (now() - toldMs < REPORT_EVERY_MS) return;
        toldMs = now();
        tell('running', `${Math.floor((done / total) * 100)} % done`, { done, total });
      });
      tell(result.state === 'failed' ? 'failed' : 'passed', result.because);
      return result;
    } catch (error) {
      tell('failed', error instanceof Error ? error.message : String(error));
      throw error;
    }
  };
}

function withStage(
  report: PipelineReport,
  nowMs: number,
  name: StageName,
  change: Pick<StageReport, 'state' | 'because'> & { seconds: number },
): PipelineReport {
  const stages = report.stages.map((stage) => (stage.name === name ? { ...stage, ...change } : stage));
  return { ...report, updatedAt: new Date(nowMs).toISOString(), stages };
}

function skipWaiting(report: PipelineReport, failed: StageName): PipelineReport {
  const stages = report.stages.map((stage): StageReport =>
    stage.state === 'waiting' ? { ...stage, state: 'skipped', because: `${failed} failed` } : stage,
  );
  return { ...report, stages };
}
