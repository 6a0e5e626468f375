/** Keeps the run's report where the server reads it: MODELS_DIR/run.json, replaced in one step, so that no reader sees half. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PipelineReport } from 'service-chassis';

/** Writes the report. Without waiting: the stages compute without a pause, and a promise would not get its turn. */
export function writeReport(modelsDir: string, report: PipelineReport): void {
  mkdirSync(modelsDir, { recursive: true });
  const draft = join(modelsDir, `.run.${process.pid}.json`);
  writeFileSync(draft, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(draft, join(modelsDir, 'run.json'));
}
