/**
 * Version log: what a version prints, in two files of bounded size, the present one and the one before it (`.1`).
 *
 * Rule: its keeper writes it. A file that is full becomes the one before, which is forgotten; of a slot's earlier versions the last few logs are
 * kept. watch/log/store.ts reads across the change. What a full disk does not take is counted and told as soon as it takes something again: a
 * version serves on without its log, and must not end with its keeper.
 */
import {
  appendFileSync,
  closeSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { keepersLine } from '../last-words.js';
import type { Slot } from '../../instances.js';

/** Half an hour of a thousand lines a minute of 500 bytes each. */
const MOST_BYTES = 16 * 1024 * 1024;
/** Versions before this one whose logs are kept. */
const EARLIER_LOGS = 4;
const LAST_WORDS_BYTES = 64 * 1024;
const NEW_LINE = 0x0a;

export const fileBefore = (path: string) => `${path}.1`;

export interface VersionLog {
  write(text: string | Uint8Array): void;
}

export function openVersionLog(path: string, mostBytes = MOST_BYTES): VersionLog {
  let bytes = sizeOf(path);
  let isWhole = true;
  let lost = 0;

  function append(text: Buffer): void {
    if (text.length === 0) return;
    appendFileSync(path, text);
    bytes += text.length;
    isWhole = text.at(-1) === NEW_LINE;
  }

  /** Into the present file, or the next one when it is full. */
  function add(all: Buffer): void {
    // Between two lines, unless one does not end.
    const cut = isWhole || bytes > 2 * mostBytes ? 0 : all.indexOf(NEW_LINE) + 1;
    const mayChange = cut > 0 || isWhole || bytes > 2 * mostBytes;
    if (!mayChange || bytes === 0 || bytes + all.length <= mostBytes) return append(all);
    append(all.subarray(0, cut));
    renameSync(path, fileBefore(path));
    bytes = 0;
    return append(all.subarray(cut));
  }

  function tellLoss(): void {
    if (lost === 0) return;
    const line = keepersLine(`the disk did not take ${lost} bytes of this log`);
    append(Buffer.from(isWhole ? line : `\n${line}`));
    lost = 0;
  }

  return {
    write(text) {
      const all = Buffer.from(text);
      try {
        tellLoss();
        add(all);
      } catch {
        lost += all.length;
      }
    },
  };
}

/** The end of a log, whatever its length. */
export function endOfLog(path: string): string {
  const size = sizeOf(path);
  if (size === 0) return '';
  const end = Buffer.alloc(Math.min(size, LAST_WORDS_BYTES));
  const file = openSync(path, 'r');
  try {
    return end.toString('utf8', 0, readSync(file, end, 0, end.length, size - end.length));
  } finally {
    closeSync(file);
  }
}

/** Removes the oldest logs of a slot's earlier versions. */
export function sweepLogs(stateDir: string, slot: Slot): void {
  const dir = join(stateDir, 'instances');
  const logs = readdirSync(dir)
    .filter((name) => name.startsWith(`${slot}-`) && name.endsWith('.log'))
    .map((name) => ({ name, at: statSync(join(dir, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of logs.slice(EARLIER_LOGS)) forget(join(dir, name));
}

function forget(path: string): void {
  for (const file of [path, fileBefore(path)]) rmSync(file, { force: true });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
