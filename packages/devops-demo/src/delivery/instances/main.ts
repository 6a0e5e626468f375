/**
 * Keeper of one instance: starts the version, starts it again when it dies, ends it when it is asked to or no longer wanted.
 *
 *   node main.js ID SLOT STATE-FOLDER ARTIFACTS-FOLDER
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from 'service-chassis/process-life';
import { OWNER_FILE, ownerSchema, recordFile, recordSchema } from '../instances.js';
import type { InstanceRecord, Slot } from '../instances.js';
import { whyNotStart } from './checked-start/store.js';
import { endChild } from './end-child/process.js';
import { openVersionLog } from './version-log/store.js';
import type { VersionLog } from './version-log/store.js';
import { readJson } from '../json-file/store.js';

const [id, slot, stateDir, artifactsDir] = process.argv.slice(2) as [string, Slot, string, string];
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Megabytes of JavaScript's generations; the board lives on a third of it. */
const SERVICE_MEMORY = ['--max-old-space-size=64', '--max-semi-space-size=2'];
/** How often it looks whether its record was replaced. */
const LOOK_MS = 2_000;

let child: ChildProcess | undefined;
let stopping = false;

/** Its record, while it is still its own, and nobody who claimed it has died. */
function wanted(): InstanceRecord | undefined {
  const owner = ownerSchema.safeParse(readJson(join(stateDir, OWNER_FILE)));
  if (owner.success && !isAlive(owner.data.pid)) return undefined;
  const record = recordSchema.safeParse(readJson(join(stateDir, recordFile(slot))));
  return record.success && record.data.id === id ? record.data : undefined;
}

/** A version that does not end when it is asked to must not outlive its keeper: nobody would know of it. */
function stop(): void {
  if (child === undefined) process.exit(0);
  if (!stopping) void endChild(child);
  stopping = true;
}

async function run(record: InstanceRecord, log: VersionLog): Promise<void> {
  const program = join(artifactsDir, record.digest, 'dist/service/main.js');
  child = fork(program, {
    cwd: stateDir,
    env: {
      ...process.env,
      PORT: String(record.port),
      NODE_ENV: 'production',
      TRIOPS_STATE_DIR: stateDir,
      DELIVERY_STATE: join(stateDir, 'release.json'),
    },
    execArgv: SERVICE_MEMORY,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => log.write(text));
  // With its last words.
  await new Promise((ended) => child?.once('close', ended));
  child = undefined;
}

async function keep(): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  let log: VersionLog | undefined;
  for (let restarts = 0; ; restarts++) {
    const record = wanted();
    if (record === undefined || stopping) return;
    log ??= openVersionLog(record.logFile);
    const { digest } = record;
    const keeper = { id, pid: process.pid, restarts };
    const refused = whyNotStart({ stateDir, artifactsDir, slot, digest, keeper, log });
    if (refused === undefined) await run(record, log);
    if (stopping) return;
    await sleep(pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
setInterval(() => {
  if (wanted() === undefined) stop();
}, LOOK_MS).unref();
await keep();
process.exit(0);
