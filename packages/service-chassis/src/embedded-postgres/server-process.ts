/**
 * Server process: starts `postgres`, says why it did not start, stops it, and makes sure it never outlives its starter.
 *
 * Rule: PostgreSQL lives in a process group of its own (Ctrl-C reaches its starter only). A guard of one shell reads a pipe
 * from the starter; when the starter is gone, however it went, the pipe ends and the guard asks PostgreSQL to stop.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Binaries } from './binaries.js';
import { clearStaleLock } from './stale-lock.js';
import { spawnAs } from './system-account.js';
import type { Account } from './system-account.js';

export interface PostgresLogger {
  debug(message: string): void;
  warn(message: string): void;
}

export interface RunningServer {
  readonly pid: number;
  stop(): Promise<void>;
}

export type LaunchOutcome =
  | { kind: 'ready'; server: RunningServer }
  | { kind: 'port-taken'; because: string }
  | { kind: 'in-use'; because: string }
  | { kind: 'failed'; because: string };

interface Launch {
  readonly dataDir: string;
  readonly port: number;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
  readonly logger: PostgresLogger;
}

/** One small demo: three services with a few connections each. fsync and full_page_writes keep their safe defaults. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '32MB',
  max_connections: '40',
  work_mem: '4MB',
  maintenance_work_mem: '16MB',
  max_wal_size: '128MB',
  min_wal_size: '32MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  io_method: 'sync',
  jit: 'off',
  lc_messages: 'C',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** After `kill -9` of a server its helpers need a moment to notice; they hold its shared memory until then. */
const SHARED_MEMORY_TRIES = 20;
const SHARED_MEMORY_WAIT_MS = 250;
/** A fast shutdown ends sessions and writes a checkpoint: well under a second here. Then less polite ways. */
const FAST_STOP_MS = 8_000;

export async function launchServer(launch: Launch): Promise<LaunchOutcome> {
  await clearStaleLock(launch.dataDir);
  for (let attempt = 1; ; attempt++) {
    const outcome = await launchOnce(launch);
    const waits = outcome.kind === 'failed' && outcome.because.includes('pre-existing shared memory block');
    if (!waits || attempt >= SHARED_MEMORY_TRIES) return outcome;
    await sleep(SHARED_MEMORY_WAIT_MS);
  }
}

async function launchOnce(launch: Launch): Promise<LaunchOutcome> {
  const { dataDir, port, account, binaries, logger } = launch;
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', dataDir, '-p', String(port), ...settings], {
    ...spawnAs(account),
    cwd: dataDir,
    detached: process.platform !== 'win32',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = await untilReadyOrGone(child, logger);
  if (said !== 'ready') return { ...whyNot(said, launch) };
  const guard = startGuard(child);
  // A program that is done may end without stopping PostgreSQL: the guard does it.
  child.unref();
  (child.stderr as unknown as { unref(): void }).unref();
  return { kind: 'ready', server: { pid: child.pid as number, stop: () => stop(child, guard, launch) } };
}

function untilReadyOrGone(child: ChildProcess, logger: PostgresLogger): Promise<string> {
  let said = '';
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(String(error)));
    child.once('close', () => resolve(said === '' ? 'it ended without a word' : said));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.trimEnd().split('\n'))
        logger[/FATAL|PANIC/.test(line) ? 'warn' : 'debug'](line);
      if (said.length < 10_000) said += text;
      if (said.includes('ready to accept connections')) resolve('ready');
    });
  });
}

function whyNot(said: string, { dataDir, port }: Launch): Exclude<LaunchOutcome, { kind: 'ready' }> {
  const owner = /Is another postmaster \(PID (\d+)\) running/.exec(said)?.[1];
  if (owner !== undefined) {
    return {
      kind: 'in-use',
      because: `a running PostgreSQL (process ${owner}) uses ${dataDir}. Stop it, or choose another folder.`,
    };
  }
  if (/could not bind|Address already in use/.test(said)) {
    return {
      kind: 'port-taken',
      because: `port ${port} is taken. Stop what listens there, or choose another port.`,
    };
  }
  return { kind: 'failed', because: `PostgreSQL did not start in ${dataDir}: ${said.trim()}` };
}

function startGuard(child: ChildProcess): ChildProcess | undefined {
  // Windows has no such shell; there a starter that is killed leaves PostgreSQL running, and the next start says so.
  if (process.platform === 'win32') return undefined;
  const guard = spawn('/bin/sh', ['-c', `read -r nothing; kill -INT ${child.pid}`], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.on('error', () => undefined);
  guard.unref();
  (guard.stdin as unknown as { unref?(): void } | null)?.unref?.();
  return guard;
}

async function stop(child: ChildProcess, guard: ChildProcess | undefined, launch: Launch): Promise<void> {
  guard?.kill('SIGKILL');
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, 'exit');
  if (process.platform === 'win32') {
    spawn(launch.binaries.pgCtl, ['stop', '-D', launch.dataDir, '-m', 'fast'], { stdio: 'ignore' });
  } else child.kill('SIGINT');
  for (const harder of ['SIGQUIT', 'SIGKILL'] as const) {
    if (await settledWithin(gone, FAST_STOP_MS)) return;
    launch.logger.warn(`PostgreSQL still runs after ${FAST_STOP_MS} ms: ${harder}`);
    child.kill(harder);
  }
  await gone;
}

async function settledWithin(event: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const timeout = new AbortController();
  const late = sleep(milliseconds, false, { signal: timeout.signal }).catch(() => false);
  const first = await Promise.race([event.then(() => true), late]);
  timeout.abort();
  return first;
}
