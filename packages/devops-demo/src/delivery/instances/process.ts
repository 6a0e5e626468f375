/** Starts, finds and stops instances. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from '../artifact/store.js';
import { SLOTS, keeperFile, recordFile } from '../instances.js';
import type { InstanceRecord, Keeper, Slot } from '../instances.js';
import { writeJson } from '../json-file/store.js';
import { keeperIn, recordIn, removeRecord } from './files/store.js';
import { wordsOf } from './last-words.js';
import { isKeeper, ownProcesses } from './own/process.js';
import { endOfLog, sweepLogs } from './version-log/store.js';

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

/** Where instances run, and who keeps them running. */
export interface Place {
  address(slot: Slot): Promise<{ port: number; url: string }>;
  /** The record is written already. */
  launch(record: InstanceRecord): void;
  runs(keeper: Keeper): boolean;
  /** Ends what it keeps, and waits for that. */
  end(keeper: Keeper, slot: Slot): Promise<void>;
}

const READY_PATIENCE_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
const POLL_MS = 100;
/** A version that dies so often before it is ready will not become ready. */
const MOST_DEATHS_AT_START = 2;

export interface InstancesOptions {
  /** Where records, keepers and logs are. */
  readonly stateDir: string;
  readonly artifactsDir: string;
  /** Settings of the service, like DATABASE_URL. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createInstances(options: InstancesOptions, place: Place = ownProcesses(options)): Instances {
  const { stateDir, artifactsDir } = options;
  const record = (slot: Slot) => recordIn(stateDir, slot);

  function keeper(slot: Slot): Keeper | undefined {
    const known = keeperIn(stateDir, slot);
    return known?.id === record(slot)?.id ? known : undefined;
  }

  async function isReady(slot: Slot): Promise<boolean> {
    const [known, itsKeeper] = [record(slot), keeper(slot)];
    if (known === undefined || itsKeeper === undefined || !place.runs(itsKeeper)) return false;
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
    const { port, url } = await place.address(slot);
    const id = randomUUID();
    const logFile = join(stateDir, `instances/${slot}-${digest.slice(0, 8)}-${id.slice(0, 4)}.log`);
    const made = { id, slot, port, url, digest, version, commit, logFile };
    mkdirSync(join(stateDir, 'instances'), { recursive: true });
    sweepLogs(stateDir, slot);
    writeJson(join(stateDir, recordFile(slot)), made);
    place.launch(made);
    return made;
  }

  async function untilReady(made: InstanceRecord): Promise<void> {
    for (let waited = 0; waited < READY_PATIENCE_MS; waited += POLL_MS) {
      if (await isReady(made.slot)) return;
      if ((keeper(made.slot)?.restarts ?? 0) >= MOST_DEATHS_AT_START) {
        throw new Error(`${made.version} does not start: ${wordsOf(endOfLog(made.logFile))}`);
      }
      await sleep(POLL_MS);
    }
    throw new Error(`${made.version} was not ready within ${READY_PATIENCE_MS / 1_000} s`);
  }

  async function stop(slot: Slot): Promise<void> {
    const known = keeper(slot);
    if (known !== undefined) await place.end(known, slot);
    removeRecord(stateDir, recordFile(slot));
    removeRecord(stateDir, keeperFile(slot));
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

/** Process ids of the keepers that run, by the name of their slot: whoever started them, and whoever is their parent by now. */
export function runningInstances(stateDir: string): Map<string, number> {
  const found = SLOTS.flatMap((slot) => {
    const keeper = keeperIn(stateDir, slot);
    return keeper !== undefined && isKeeper(keeper) ? [[`board ${slot}`, keeper.pid] as const] : [];
  });
  return new Map(found);
}
