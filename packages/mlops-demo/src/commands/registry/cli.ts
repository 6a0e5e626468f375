/** Runs `mlops promote`, `rollback`, `stage`, `sign` and `list` on the registry on disk. */
import { inProduction } from '../../registry/stages.js';
import type { StageRecord } from '../../registry/stages.js';
import { readStored } from '../../registry/state/store.js';
import { readStages, rollback, signModel, transition } from '../../registry/changes/store.js';
import { listVersions } from '../../registry/store.js';
import { modelLines } from '../../report/run-lines.js';
import { readStageWish } from '../registry.js';
import { userName } from '../user-name/store.js';

/** `mlops list`: answers the exit code. */
export async function list(modelsDir: string): Promise<number> {
  const lines = modelLines(await listVersions(modelsDir), await readStages(modelsDir));
  console.log(lines.length > 0 ? lines.join('\n') : `no model in ${modelsDir}: run \`mlops run\``);
  const { unrecorded } = await readStored(modelsDir);
  if (unrecorded.length > 0)
    console.log(`${unrecorded.length} audit entries could not be written yet: see \`devops audit verify\``);
  return 0;
}

/** `mlops promote`, `rollback`, `stage` and `sign`: answers the exit code. */
export async function stage(args: readonly string[]): Promise<number> {
  const { modelsDir, because, by = `person:${userName()}`, ...wish } = readStageWish(args, process.env);
  const at = new Date().toISOString();
  if (wish.what === 'rollback') {
    const records = await rollback(modelsDir, { by, because, at });
    console.log(`${sentence(inProduction(records))}, rolled back`);
    return 0;
  }
  if (wish.what === 'sign') {
    await signModel(modelsDir, wish.version, by, because);
    console.log(`${wish.version} is signed`);
    return 0;
  }
  const { version, to, share } = wish;
  const change = { version, to, by, because, at, ...(share === undefined ? {} : { share }) };
  const records = await transition(modelsDir, change);
  console.log(sentence(records.find((record) => record.version === version)));
  return 0;
}

function sentence(record: StageRecord | undefined): string {
  if (record === undefined) return 'nothing changed';
  const share = record.share === undefined ? '' : ` with ${record.share * 100} % of the requests`;
  return `${record.version} is ${record.stage}${share} since ${record.since}`;
}
