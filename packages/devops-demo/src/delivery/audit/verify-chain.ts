/**
 * Verify the chain: is the audit log what was written, and if not, which line was touched and how?
 *
 * in: the lines of the file, the head (how many lines there were, and the last one's hash) → out: ChainVerdict
 *
 * Rule: walk from the first line. A line must be the canonical text of an entry whose hash fits its content, and follow the line
 * before it. The first line that does not tells what happened:
 *   - its hash does not fit its content                                → changed
 *   - it follows a line that stands elsewhere in the file              → moved, or the line before it was inserted
 *   - it follows a line that is nowhere, and the next line skips it    → inserted
 *   - it follows a line that is nowhere                                → a line before it was removed or replaced
 *   - all is well, but fewer lines or another hash than the head knows → removed or replaced at the end
 *   - it is an `audit.broken`, by which an append tells that it found that → removed or replaced before it, for good
 * When it misleads: with both files rewritten by one hand nothing shows; see audit.ts. Only the first broken line is named.
 * Source: see audit.ts.
 *
 *   verifyChain(['{"action":"release.promoted",…}'], head) // { kind: 'intact', entries: 1, lastHash: '9f…' }
 */
import { FIRST_HASH, chainedEntrySchema, hashOf, lineOf } from '../audit.js';
import type { ChainedEntry } from '../audit.js';
import { ACTIONS } from './actions.js';

/** What the log's head file remembers. It may lag behind by what was written since. */
export interface Head {
  entries: number;
  lastHash: string;
}

export type Tampering = 'changed' | 'removed' | 'inserted' | 'moved';

export interface Broken {
  kind: 'broken';
  line: number;
  tampering: Tampering;
  because: string;
}

export type ChainVerdict = { kind: 'intact'; entries: number; lastHash: string } | Broken;

export function verifyChain(lines: readonly string[], head?: Head): ChainVerdict {
  const read = lines.map(readLine);
  let previous = FIRST_HASH;
  for (const [index, entry] of read.entries()) {
    const line = index + 1;
    if (entry === undefined) return broken(line, 'changed', `line ${line} is not an entry as it was written`);
    if (hashOf(entry, entry.previousHash) !== entry.hash)
      return broken(line, 'changed', `line ${line} was changed: its hash does not fit its content`);
    if (entry.previousHash !== previous) return outOfPlace(read, index, previous);
    if (entry.action === ACTIONS.broken)
      return broken(line, 'removed', `before line ${line}, at the latest by ${entry.at}, ${entry.because}`);
    previous = entry.hash;
  }
  const atEnd = againstHead(read.length, (line) => read[line - 1]?.hash, head);
  return atEnd ?? { kind: 'intact', entries: read.length, lastHash: previous };
}

/** @returns undefined when the line is not exactly what `lineOf` writes. */
export function readLine(line: string): ChainedEntry | undefined {
  try {
    const entry = chainedEntrySchema.parse(JSON.parse(line));
    return lineOf(entry) === line ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Line `index` does not follow the one before it, whose hash is `previous`. */
function outOfPlace(
  read: readonly (ChainedEntry | undefined)[],
  index: number,
  previous: string,
): ChainVerdict {
  const line = index + 1;
  const wanted = read[index]?.previousHash;
  const before = read[index - 2]?.hash ?? FIRST_HASH;
  if (index > 0 && wanted === before)
    return broken(
      line - 1,
      'inserted',
      `line ${line - 1} was inserted: line ${line} follows the one before it`,
    );
  const predecessor = wanted === FIRST_HASH ? 0 : 1 + read.findIndex((entry) => entry?.hash === wanted);
  if (predecessor > 0 || wanted === FIRST_HASH)
    return broken(line, 'moved', `line ${line} was moved: it belongs right after line ${predecessor}`);
  if (read[index + 1]?.previousHash === previous)
    return broken(line, 'inserted', `line ${line} was inserted: line ${line + 1} follows the one before it`);
  return broken(
    line,
    'removed',
    `before line ${line} a line was removed or replaced: it follows one that is not there`,
  );
}

/** @returns undefined when all lines that the head knows are there. */
export function againstHead(
  entries: number,
  hashOfLine: (line: number) => string | undefined,
  head: Head | undefined,
): Broken | undefined {
  if (head === undefined) {
    // The head is written right after the line; only a stop between the very first two writes leaves none.
    if (entries <= 1) return undefined;
    return broken(entries, 'removed', 'the head file is missing, so lines may have been removed at the end');
  }
  if (entries < head.entries)
    return broken(
      entries + 1,
      'removed',
      `${head.entries - entries} of ${head.entries} lines were removed at the end`,
    );
  const known = head.entries === 0 ? FIRST_HASH : hashOfLine(head.entries);
  if (known === head.lastHash) return undefined;
  return broken(
    head.entries,
    'changed',
    `line ${head.entries} was replaced: the head file knows another hash`,
  );
}

function broken(line: number, tampering: Tampering, because: string): Broken {
  return { kind: 'broken', line, tampering, because };
}
