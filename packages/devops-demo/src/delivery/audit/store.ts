/**
 * The audit log on disk: `audit.jsonl`, its head `audit.head.json`, and what a crash cut off in `audit.torn.jsonl`.
 *
 * An append holds a lock file, sets a torn last line aside, writes one line with O_APPEND and waits for the disk (fsync). Readers take
 * no lock: they see whole lines, and ignore an unfinished last one.
 *
 * Rule: an append never hides that lines which the head knows are gone or others. It does not refuse either, for what is being written
 * may be a rollback: it first writes an `audit.broken` that keeps the old head, and by that entry verify reports the break from then on. Who has
 * found out what happened moves the log and its head away together; the next append begins a new one.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from 'service-chassis/lock-file';
import { z } from 'zod';
import { FIRST_HASH, chained, lineOf } from '../audit.js';
import type { AuditEntry, AuditLog, ChainedEntry } from '../audit.js';
import { readJson, writeJson } from '../json-file/store.js';
import { ACTIONS } from './actions.js';
import { againstHead, readLine, verifyChain } from './verify-chain.js';
import type { Broken, ChainVerdict, Head } from './verify-chain.js';

/** The work under the lock takes milliseconds. */
const LOCK = { silentMs: 10_000, patienceMs: 30_000 };

const headSchema = z.strictObject({ entries: z.int().min(0), lastHash: z.string() });

export interface AuditLogOnDisk extends AuditLog {
  /** Was anything ever written here? */
  exists(): boolean;
  verify(): Promise<ChainVerdict>;
  /** How many entries were cut off by a crash so far, set aside or not yet. */
  tornLines(): number;
}

/** @param stateDir the delivery's state folder, `.triops/devops`; the first append makes it. */
export function openAuditLog(stateDir: string): AuditLogOnDisk {
  const paths = {
    log: join(stateDir, 'audit.jsonl'),
    head: join(stateDir, 'audit.head.json'),
    torn: join(stateDir, 'audit.torn.jsonl'),
    lock: join(stateDir, 'audit.lock'),
  };

  function write(entry: AuditEntry): ChainedEntry {
    const { lines } = readLines(paths.log);
    const head = readHead(paths.head);
    const hashOfLine = (line: number) => readLine(lines[line - 1] ?? '')?.hash;
    const previous = lines.length === 0 ? FIRST_HASH : hashOfLine(lines.length);
    if (previous === undefined)
      throw new Error(`audit: the last line of ${paths.log} is damaged; devops audit verify names it`);
    const found: Head = { entries: lines.length, lastHash: previous };
    const missing = againstHead(lines.length, hashOfLine, head);
    if (missing === undefined) return writeAfter(found, entry).entry;
    const told = writeAfter(found, brokenEntry(entry.at, missing, head, found));
    return writeAfter(told.head, entry).entry;
  }

  function writeAfter(end: Head, entry: AuditEntry): { entry: ChainedEntry; head: Head } {
    const next = chained(entry, end.lastHash);
    appendDurably(paths.log, `${lineOf(next)}\n`);
    const head: Head = { entries: end.entries + 1, lastHash: next.hash };
    writeJson(paths.head, head);
    return { entry: next, head };
  }

  /** First aside, then off the log: a crash between the two keeps it twice rather than never. */
  function setTornLineAside(at: string): void {
    const { wholeBytes, torn } = readLines(paths.log);
    if (torn.length === 0) return;
    const sha256 = createHash('sha256').update(torn).digest('hex');
    appendDurably(paths.torn, `${JSON.stringify({ foundAt: at, base64: torn.toString('base64') })}\n`);
    truncateSync(paths.log, wholeBytes);
    write({
      at,
      actor: 'pipeline',
      action: ACTIONS.tornLine,
      subject: 'audit.jsonl',
      because: 'the last entry was cut off in the middle, as by kill -9 or a power failure',
      details: { bytes: torn.length, sha256 },
    });
  }

  return {
    exists: () => existsSync(paths.log) || existsSync(paths.head),
    async append(entry) {
      mkdirSync(stateDir, { recursive: true });
      return withLock(
        paths.lock,
        () => {
          setTornLineAside(entry.at);
          return write(entry);
        },
        LOCK,
      );
    },
    async entries() {
      return readLines(paths.log).lines.map((line, index) => {
        const entry = readLine(line);
        if (entry === undefined) throw new Error(`audit: line ${index + 1} of ${paths.log} is damaged`);
        return entry;
      });
    },
    // The head is read first: it may lag behind the lines, but must never be ahead of those that are read.
    async verify() {
      const head = readHead(paths.head);
      return verifyChain(readLines(paths.log).lines, head);
    },
    tornLines: () => readLines(paths.torn).lines.length + (readLines(paths.log).torn.length === 0 ? 0 : 1),
  };
}

function brokenEntry(at: string, { because }: Broken, known: Head | undefined, found: Head): AuditEntry {
  const details = { known: known ?? null, found };
  return { at, actor: 'pipeline', action: ACTIONS.broken, subject: 'audit.jsonl', because, details };
}

function readLines(path: string): { lines: string[]; wholeBytes: number; torn: Buffer } {
  const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const wholeBytes = bytes.lastIndexOf('\n') + 1;
  const lines = bytes.subarray(0, wholeBytes).toString('utf8').split('\n').slice(0, -1);
  return { lines, wholeBytes, torn: bytes.subarray(wholeBytes) };
}

/** One write at the end of the file, and on disk when this returns. */
function appendDurably(path: string, line: string): void {
  const file = openSync(path, 'a', 0o600);
  try {
    writeSync(file, line);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function readHead(path: string): Head | undefined {
  try {
    return headSchema.parse(readJson(path));
  } catch {
    return undefined;
  }
}
