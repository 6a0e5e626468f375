/**
 * The report of a run while it runs: each stage waiting, running, passed, failed or skipped, with its reason.
 *
 * in:  what a stage tells about itself → out: StageChange, with the whole PipelineReport as it is then
 */
import type { PipelineReport, StageReport, StageState } from 'service-chassis';
import { STAGES } from './stage.js';
import type { StageName } from './stage.js';

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

/** A stage's voice. */
export type Tell = (state: StageState, because: string, progress?: { done: number; total: number }) => void;

const SOURCE_FOLDER = 'packages/mlops-demo/src';

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

/** Voices for stages; each counts its seconds from when it was given out. `now` is in milliseconds. */
export function createRunReport(
  now: () => number,
  onChange: (change: StageChange) => void,
): (name: StageName) => Tell {
  let report = waitingReport(now());
  return (name) => {
    const startedMs = now();
    return (state, because, progress) => {
      const seconds = (now() - startedMs) / 1000;
      report = withStage(report, now(), name, { state, because, seconds });
      if (state === 'failed') report = skipWaiting(report, name);
      onChange({ name, state, because, seconds, ...progress, report });
    };
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
