/** A JSON file that is whole at every instant: written to one side, flushed, renamed. */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const draftOf = (path: string) => `${path}.${process.pid}.new`;
/** Whether it is such a side, left by a process that was killed. */
export const isDraft = (name: string) => /\.\d+\.new$/.test(name);

export function writeJson(path: string, value: unknown): void {
  writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The same for other text. */
export function writeText(path: string, text: string, mode = 0o600): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = draftOf(path);
  const file = openSync(aside, 'w', mode);
  writeFileSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(aside, path);
}

/** Undefined when there is none. */
export function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
