/** Logs: keeps the files that the parts append to from growing without end. The older half is kept once, as `.1`. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 32 * 1_024 * 1_024;
const LOOK_EVERY_MS = 15_000;

export interface LogKeeper {
  stop(): void;
}

/** Begins with empty logs: they tell of one run. */
export function openLogs(logsDir: string): LogKeeper {
  rmSync(logsDir, { recursive: true, force: true });
  mkdirSync(logsDir, { recursive: true });
  const timer = setInterval(() => {
    for (const name of readdirSync(logsDir)) if (name.endsWith('.log')) shorten(join(logsDir, name));
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

/** Copy, then empty: the parts go on appending to the same open file. */
function shorten(file: string): void {
  if (statSync(file).size < LARGEST_BYTES) return;
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
}
