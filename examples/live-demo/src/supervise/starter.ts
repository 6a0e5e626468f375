/**
 * Starter: notices when the npm that started the demo is gone.
 *
 * Rule: `kill` of an npm ends npm and its shell, not the program they run. A demo that was started by npm therefore looks after
 * its parent, and that one's parent when it is a shell; a demo started by hand may outlive its shell (nohup).
 */
import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 1_000;

/** Calls `gone` once when npm is gone. */
export function watchStarter(gone: () => void, env: NodeJS.ProcessEnv = process.env): void {
  if (env['npm_lifecycle_event'] === undefined) return;
  const before = startersNow();
  const timer = setInterval(() => {
    if (startersNow() === before) return;
    clearInterval(timer);
    gone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** The parent and, on Linux, a shell's parent: '4711 4710'. */
function startersNow(): string {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const isShell = /^\d+ \((?:sh|bash|dash|zsh)\)/.test(stat);
    const grandparent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return isShell ? `${parent} ${grandparent}` : String(parent);
  } catch {
    return String(parent);
  }
}
