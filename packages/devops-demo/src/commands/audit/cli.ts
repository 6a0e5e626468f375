/** Runs `devops audit`: opens the log, prints what was asked for. */
import { openAuditLog } from '../../delivery/audit/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { parseAudit, sayEntries, sayVerdict } from '../audit.js';

export async function auditCommand(words: readonly string[]): Promise<number> {
  const { what, stateDir } = parseAudit(words, stateDirOf(process.env));
  const log = openAuditLog(stateDir);
  const said =
    what === 'list'
      ? sayEntries(await log.entries(), log.tornLines())
      : sayVerdict(await log.verify(), log.tornLines());
  for (const line of said.lines) console.log(line);
  return said.code;
}
