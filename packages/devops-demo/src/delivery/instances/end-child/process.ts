/** Ends a version that a keeper runs: asks it, and after a bounded time does not ask any more. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Longer than a service takes to drain (10 s), shorter than whoever stops the keeper waits for it (15 s at least). */
const PATIENCE_MS = 12_000;

export const isRunning = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null;

/** Returns when it is gone. */
export async function endChild(child: ChildProcess, patienceMs = PATIENCE_MS): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  ask(child);
  const kill = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  await gone;
  clearTimeout(kill);
}

/** There are no signals on Windows, where every kill is at once: the service ends with its channel. */
function ask(child: ChildProcess): void {
  if (process.platform === 'win32' && child.connected) child.disconnect();
  else child.kill('SIGTERM');
}
