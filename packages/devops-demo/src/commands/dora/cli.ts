/** Runs `devops dora`: the four measures from the audit log, and the deployments that make them up. */
import { parseArgs } from 'node:util';
import { openAuditLog } from '../../delivery/audit/store.js';
import { dora, doraWindow } from '../../delivery/dora.js';
import { doraSentences } from '../../delivery/dora/sentences.js';
import { stateDirOf } from '../../delivery/state-dir.js';

export async function doraCommand(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { state: { type: 'string' } } });
  const entries = await openAuditLog(values.state ?? stateDirOf(process.env)).entries();
  const measures = dora(entries, doraWindow(entries, new Date()));
  for (const line of doraSentences(measures)) console.log(line);
  for (const { endedAt, subject, outcome, because } of measures.deployments)
    console.log(`  ${endedAt}  ${subject}  ${outcome}: ${because}`);
  return 0;
}
