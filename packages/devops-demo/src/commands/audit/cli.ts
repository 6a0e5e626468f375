/** Runs `devops audit`: opens the log, prints what was asked for. */
import { openAuditLog } from '../../delivery/audit/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';
import { userName } from '../../delivery/user-name/store.js';
import { entryTold, parseAudit, sayEntries, sayNothing, sayVerdict } from '../audit.js';
import type { ReadRequest, Said, TellRequest } from '../audit.js';

export async function auditCommand(words: readonly string[]): Promise<number> {
  const request = parseAudit(words, stateDirOf(process.env));
  const log = openAuditLog(request.stateDir);
  const said = 'subject' in request ? await tell(request, log) : await read(request, log);
  for (const line of said.lines) console.log(line);
  return said.code;
}

type Log = ReturnType<typeof openAuditLog>;

async function read({ what, stateDir }: ReadRequest, log: Log): Promise<Said> {
  if (!log.exists()) return sayNothing(stateDir);
  return what === 'list'
    ? sayEntries(await log.entries(), log.tornLines())
    : sayVerdict(await log.verify(), log.tornLines());
}

async function tell(request: TellRequest, log: Log): Promise<Said> {
  const by = { at: new Date().toISOString(), actor: `person:${userName()}` };
  const entry = entryTold(request, by, await log.entries());
  await log.append(entry);
  return { lines: [`${entry.action}  ${entry.subject}: ${entry.because}`], code: 0 };
}
