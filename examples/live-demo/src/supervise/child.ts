/**
 * Child: one program of the system as a process of its own.
 *
 * Rule: it lives in its own process group, so that Ctrl-C reaches the demo only, which then stops its parts in order. It holds
 * an IPC channel to the demo: when the demo is gone, however it went, the channel closes and the child ends.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export interface Child {
  readonly pid: number;
  /** How it ended, in words, once it has: 'exit code 1', 'signal SIGKILL'. */
  readonly ended: Promise<Ending>;
  running(): boolean;
  /** Asks it to stop, and insists after a while. */
  stop(): Promise<void>;
  kill(): void;
}

export interface Ending {
  readonly ok: boolean;
  readonly how: string;
}

export interface ChildOptions {
  readonly program: string;
  readonly args?: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
  readonly logFile: string;
  readonly heapMb: number;
}

/**
 * Half of the young generation. V8's 16 MB count against a small heap bound: a program that lives on 18 MB of 48 then collected
 * garbage without end, at 1.3 cores. With 2 MB it takes 0.03.
 */
const SEMI_SPACE_MB = 2;
/** A little longer than the services' own time to drain. */
const STOP_PATIENCE_MS = 12_000;
const EXIT_WITH_PARENT = new URL('../../dist/supervise/exit-with-parent.js', import.meta.url).href;

export function startChild(options: ChildOptions): Child {
  const log = openSync(options.logFile, 'a');
  const child = fork(options.program, options.args ?? [], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    execArgv: [
      `--max-old-space-size=${options.heapMb}`,
      `--max-semi-space-size=${SEMI_SPACE_MB}`,
      '--import',
      EXIT_WITH_PARENT,
    ],
    detached: process.platform !== 'win32',
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  let ending: Ending | undefined;
  const ended = endOf(child).then((how) => (ending = how));
  return {
    pid: child.pid ?? -1,
    ended,
    running: () => ending === undefined,
    kill: () => killGroup(child),
    async stop() {
      if (ending !== undefined) return;
      // Windows has no signals to handle: there the closed channel is the message.
      if (process.platform === 'win32') child.disconnect();
      else child.kill('SIGTERM');
      const patience = new AbortController();
      await Promise.race([
        ended,
        sleep(STOP_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
      ]);
      patience.abort();
      if (ending === undefined) killGroup(child);
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, how: error.message }));
    child.once('exit', (code, signal) => {
      resolve({ ok: code === 0, how: signal === null ? `exit code ${code}` : `signal ${signal}` });
    });
  });
}

/** The child and whatever it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/** Absolute path of a program named from the repository's root. */
export function programPath(fromRoot: string): string {
  return fileURLToPath(new URL(`../../../../${fromRoot}`, import.meta.url));
}
