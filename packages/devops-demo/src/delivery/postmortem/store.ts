/** Writes the draft of a post-mortem to `postmortems/` of the state folder. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAuditLog } from '../audit/store.js';
import { postmortem } from '../postmortem.js';

/**
 * Call it after `release.rolled-back` was appended. A draft that is there already is kept, for a person may have worked on it.
 *
 * @returns the file's path, or undefined when the release's last try was not rolled back.
 */
export async function writePostmortem(stateDir: string, subject: string): Promise<string | undefined> {
  const draft = postmortem(await openAuditLog(stateDir).entries(), subject);
  if (draft === undefined) return undefined;
  const folder = join(stateDir, 'postmortems');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${draft.id}.md`);
  if (!existsSync(path)) writeFileSync(path, draft.markdown);
  return path;
}
