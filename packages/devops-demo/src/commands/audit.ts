/**
 * `devops audit list` and `devops audit verify`: reads the audit log, or says whether it is what was written.
 *
 * Exit codes of verify: 0 the chain is intact, 3 it is broken.
 */
import { parseArgs } from 'node:util';
import type { ChainedEntry } from '../delivery/audit.js';
import type { ChainVerdict } from '../delivery/audit/verify-chain.js';
import { WrongUsage } from './wrong-usage.js';

export const AUDIT_BROKEN_EXIT = 3;
const SHOWN_HASH = 12;

export interface AuditRequest {
  what: 'list' | 'verify';
  stateDir: string;
}

/** What a command prints, and its exit code. */
export interface Said {
  lines: string[];
  code: number;
}

/** @throws when the words are not understood. */
export function parseAudit(words: readonly string[], defaultStateDir: string): AuditRequest {
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { state: { type: 'string' } },
  });
  const [what, ...rest] = positionals;
  if ((what !== 'list' && what !== 'verify') || rest.length > 0)
    throw new WrongUsage('devops audit: expected "list" or "verify"');
  return { what, stateDir: values.state ?? defaultStateDir };
}

export function sayEntries(entries: readonly ChainedEntry[], tornLines: number): Said {
  const lines = entries.map(
    ({ at, actor, action, subject, because }, index) =>
      `${String(index + 1).padStart(4)}  ${at}  ${actor}  ${action}  ${subject}: ${because}`,
  );
  return { lines: [...lines, ...sayTorn(tornLines)], code: 0 };
}

export function sayVerdict(verdict: ChainVerdict, tornLines: number): Said {
  if (verdict.kind === 'broken')
    return {
      lines: [`broken: ${verdict.because}`, ...sayTorn(tornLines)],
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
