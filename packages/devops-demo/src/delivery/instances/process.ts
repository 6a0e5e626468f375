/** Starts, finds and stops instances. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from '../artifact/store.js';
import { OWNER_FILE, SLOTS, keeperFile, keeperSchema, recordFile, recordSchema } from '../instances.js';
import type { InstanceRecord, Slot } from '../instances.js';
import { isAlive } from '../is-alive.js';
import { readJson, writeJson } from '../json-file/store.js';

export interface Instances {
  /** Running or not. */
  record(slot: Slot): InstanceRecord | undefined;
  /** Starts a version and waits until it is ready; one that runs in the slot already stays. Throws why it cannot. */
  start(slot: Slot, digest: string): Promise<InstanceRecord>;
  /** Whether it answers that it is ready. */
  isReady(slot: Slot): Promise<boolean>;
  /** How often it died and was started again. */
  restarts(slot: Slot): number;
  /** Stops it and waits for its end; nothing to do when it does not run. */
  stop(slot: Slot): Promise<void>;
}

const KEEPER = join(import.meta.dirname, 'main.js');
/** Megabytes: it only waits. */
const KEEPER_MEMORY = ['--max-old-space-size=16', '--max-semi-space-size=1'];
const READY_PATIENCE_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
const POLL_MS = 100;
/** Longer than the service takes to drain. */
const STOP_PATIENCE_MS = 15_000;
/** A version that dies so often before it is ready will not become ready. */
const MOST_DEATHS_AT_START = 2;

export interface InstancesOptions {
  /** Where records, keepers and logs are. */
  readonly stateDir: string;
  readonly artifactsDir: string;
  /** Settings of the service, like DATABASE_URL. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createInstances({ stateDir, artifactsDir, env }: InstancesOptions): Instances {
  const at = (path: string) => join(stateDir, path);

  function record(slot: Slot): InstanceRecord | undefined {
    const read = recordSchema.safeParse(readJson(at(recordFile(slot))));
    return read.success ? read.data : undefined;
  }

  function keeper(slot: Slot) {
    const read = keeperSchema.safeParse(readJson(at(keeperFile(slot))));
    return read.success && read.data.id === record(slot)?.id ? read.data : undefined;
  }

  function keeperRuns(slot: Slot): boolean {
    const known = keeper(slot);
    return known !== undefined && isKeeper(known.pid, known.id);
  }

  async function isReady(slot: Slot): Promise<boolean> {
    const known = record(slot);
    if (known === undefined || !keeperRuns(slot)) return false;
    const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
    return fetch(`${known.url}/readyz`, { signal }).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async function launch(slot: Slot, digest: string): Promise<InstanceRecord> {
    const opened = open(artifactsDir, digest);
    if (opened.kind === 'refused') throw new Error(opened.because);
    const { version, commit } = opened.manifest;
    const port = await freePort();
    const id = randomUUID();
    const logFile = at(`instances/${slot}-${digest.slice(0, 8)}-${id.slice(0, 4)}.log`);
    const made = { id, slot, port, url: `http://127.0.0.1:${port}`, digest, version, commit, logFile };
    mkdirSync(at('instances'), { recursive: true });
    writeJson(at(recordFile(slot)), made);
    const log = openSync(logFile, 'a');
    spawn(process.execPath, [...KEEPER_MEMORY, KEEPER, id, slot, stateDir, artifactsDir], {
      detached: true,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', log, log],
    }).unref();
    closeSync(log);
    return made;
  }

  async function untilReady(made: InstanceRecord): Promise<void> {
    for (let waited = 0; waited < READY_PATIENCE_MS; waited += POLL_MS) {
      if (await isReady(made.slot)) return;
      if ((keeper(made.slot)?.restarts ?? 0) >= MOST_DEATHS_AT_START) {
        throw new Error(`${made.version} does not start: ${lastWords(made.logFile)}`);
      }
      await sleep(POLL_MS);
    }
    throw new Error(`${made.version} was not ready within ${READY_PATIENCE_MS / 1_000} s`);
  }

  async function stop(slot: Slot): Promise<void> {
    const known = keeper(slot);
    if (known !== undefined && isKeeper(known.pid, known.id)) {
      process.kill(known.pid, 'SIGTERM');
      for (let waited = 0; waited < STOP_PATIENCE_MS && isKeeper(known.pid, known.id); waited += POLL_MS) {
        await sleep(POLL_MS);
      }
      // The service ends with its keeper: the channel between them closes.
      if (isKeeper(known.pid, known.id)) process.kill(known.pid, 'SIGKILL');
    }
    rmSync(at(recordFile(slot)), { force: true });
    rmSync(at(keeperFile(slot)), { force: true });
  }

  return {
    record,
    isReady,
    stop,
    restarts: (slot) => keeper(slot)?.restarts ?? 0,
    async start(slot, digest) {
      const known = record(slot);
      if (known?.digest === digest && (await isReady(slot))) return known;
      await stop(slot);
      const made = await launch(slot, digest);
      await untilReady(made);
      return made;
    },
  };
}

/** From now on the keepers in this folder live as long as this process, those that run already too. @returns what ends that */
export function claimInstances(stateDir: string): () => void {
  const path = join(stateDir, OWNER_FILE);
  writeJson(path, { pid: process.pid });
  return () => rmSync(path, { force: true });
}

/** Process ids of the keepers that run, by the name of their slot: whoever started them, and whoever is their parent by now. */
export function runningInstances(stateDir: string): Map<string, number> {
  const found = SLOTS.flatMap((slot) => {
    const read = keeperSchema.safeParse(readJson(join(stateDir, keeperFile(slot))));
    return read.success && isKeeper(read.data.pid, read.data.id)
      ? [[`board ${slot}`, read.data.pid] as const]
      : [];
  });
  return new Map(found);
}

/** A process number is given out again; the command line says whose it is. */
function isKeeper(pid: number, id: string): boolean {
  if (!isAlive(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(id);
}

function lastWords(logFile: string): string {
  const line = existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').at(-1) : undefined;
  const said = /"message":"((?:[^"\\]|\\.)*)"/.exec(line ?? '')?.[1];
  return said ?? line ?? 'it said nothing';
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
