/**
 * Shell: a journal of templates in a file, so that ids are the same in the next run.
 *
 * One JSON object a line: id, template, count; count 0 is a template that was merged into the one with this text. Written beside the old one,
 * made durable, then renamed over it: whoever reads finds the old journal or the new one, never half of one.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { z } from 'zod';
import type { KnownTemplate } from './statement.js';

const entry = z.object({ id: z.string(), template: z.string(), count: z.number().int().min(0) });

/** @returns nothing known, if there is no such file yet */
export function readJournal(file: string): KnownTemplate[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line, i) => {
    try {
      return entry.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`${file}, line ${i + 1}: expected a template as JSON, got ${line.slice(0, 60)}`, {
        cause: error,
      });
    }
  });
}

export function writeJournal(file: string, journal: readonly KnownTemplate[]): void {
  const beside = `${file}.${process.pid}.tmp`;
  const descriptor = openSync(beside, 'w');
  try {
    writeSync(descriptor, journal.map((one) => `${JSON.stringify(one)}\n`).join(''));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(beside, file);
}
