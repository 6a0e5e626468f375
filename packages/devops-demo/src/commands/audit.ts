/**
 * `devops audit`: `list` reads the audit log, `verify` says whether it is what was written, `failed` and `restored` write what only
 * people know: that a version which had passed hurts users, and that this is over. DORA's change fail rate and recovery time need it.
 *
 * Exit codes of verify: 0 the chain is intact, 1 there is no log, 3 it is broken.
 */
import { parseArgs } from 'node:util';
import type { AuditEntry, ChainedEntry } from '../delivery/audit.js';
import { ACTIONS } from '../delivery/audit/actions.js';
import type { ChainVerdict } from '../delivery/audit/verify-chain.js';
import { WrongUsage } from './wrong-usage.js';

export const AUDIT_BROKEN_EXIT = 3;
const NO_LOG_EXIT = 1;
const SHOWN_HASH = 12;

export interface ReadRequest {
  what: 'list' | 'verify';
  stateDir: string;
}
export interface TellRequest {
  what: 'failed' | 'restored';
  subject: string;
  because: string;
  stateDir: string;
}

/** What a command prints, and its exit code. */
export interface Said {
  lines: string[];
  code: number;
}

/** @throws when the words are not understood. */
export function parseAudit(words: readonly string[], defaultStateDir: string): ReadRequest | TellRequest {
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { state: { type: 'string' }, because: { type: 'string' } },
  });
  const [what, subject, ...rest] = positionals;
  const { state: stateDir = defaultStateDir, because } = values;
  if ((what === 'list' || what === 'verify') && subject === undefined) return { what, stateDir };
  const told = what === 'failed' || what === 'restored';
  if (told && subject !== undefined && because !== undefined && rest.length === 0) {
    if (because.trim() === '') throw new WrongUsage(`devops audit ${what}: --because needs a reason`);
    return { what, subject, because, stateDir };
  }
  throw new WrongUsage(
    'devops audit: expected "list", "verify", or "failed|restored \'flights-api 0.2.0\' --because WHY"',
  );
}

/** Nobody can have been hurt by what was never with everybody, and nothing is restored that has not failed. */
export function entryTold(
  { what, subject, because }: TellRequest,
  { at, actor }: Pick<AuditEntry, 'at' | 'actor'>,
  entries: readonly AuditEntry[],
): AuditEntry {
  const promoted = entries.some((entry) => entry.action === ACTIONS.promoted && entry.subject === subject);
  if (!promoted) throw new WrongUsage(`devops audit ${what}: ${subject} was never promoted`);
  const last = entries.findLast((entry) => entry.subject === subject && isTold(entry));
  if (what === 'restored' && last?.action !== ACTIONS.failed)
    throw new WrongUsage(`devops audit restored: ${subject} has no failure that is open`);
  return { at, actor, action: ACTIONS[what], subject, because, details: {} };
}

function isTold({ action }: AuditEntry): boolean {
  return action === ACTIONS.failed || action === ACTIONS.restored;
}

export function sayNothing(stateDir: string): Said {
  return { lines: [`there is no audit log in ${stateDir}`], code: NO_LOG_EXIT };
}

export function sayEntries(entries: readonly ChainedEntry[], tornLines: number): Said {
  const lines = entries.map(
    ({ at, actor, action, subject, because }, index) =>
      `${String(index + 1).padStart(4)}  ${at}  ${actor}  ${action}  ${subject}: ${because}`,
  );
  return { lines: [...lines, ...sayTorn(tornLines)], code: 0 };
}

const WAY_ON =
  'No release begins until somebody knows why, and moves audit.jsonl and audit.head.json away; the next entry begins a new log.';

export function sayVerdict(verdict: ChainVerdict, tornLines: number): Said {
  if (verdict.kind === 'broken')
    return {
      lines: [`broken: ${verdict.because}`, WAY_ON, ...sayTorn(tornLines)],
      code: AUDIT_BROKEN_EXIT,
    };
  const { entries, lastHash } = verdict;
  const intact = `intact: ${entries} ${entries === 1 ? 'entry' : 'entries'}, last hash ${lastHash.slice(0, SHOWN_HASH)}`;
  return { lines: [intact, ...sayTorn(tornLines)], code: 0 };
}

function sayTorn(tornLines: number): string[] {
  if (tornLines === 0) return [];
  return [
    `${tornLines} ${tornLines === 1 ? 'entry was' : 'entries were'} cut off by a crash; see audit.torn.jsonl`,
  ];
}
