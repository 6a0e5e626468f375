/** Places for instances on this machine: each gets a port and a keeper process of its own. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from 'service-chassis/free-port';
import { isAlive } from 'service-chassis/process-life';
import type { Keeper } from '../../instances.js';
import type { InstancesOptions, Place } from '../process.js';

const KEEPER = join(import.meta.dirname, '../main.js');
/** Megabytes: it only waits. */
const KEEPER_MEMORY = ['--max-old-space-size=16', '--max-semi-space-size=1'];
/** Longer than the keeper takes to end its version (end-child). */
const STOP_PATIENCE_MS = 15_000;
const POLL_MS = 100;

export function ownProcesses({ stateDir, artifactsDir, env }: InstancesOptions): Place {
  return {
    async address() {
      const port = await freePort();
      return { port, url: `http://127.0.0.1:${port}` };
    },
    launch({ id, slot, logFile }) {
      mkdirSync(join(stateDir, 'instances'), { recursive: true });
      const log = openSync(logFile, 'a');
      spawn(process.execPath, [...KEEPER_MEMORY, KEEPER, id, slot, stateDir, artifactsDir], {
        detached: true,
        env: { PATH: process.env['PATH'], ...env },
        stdio: ['ignore', log, log],
      }).unref();
      closeSync(log);
    },
    runs: isKeeper,
    async end(keeper) {
      if (!isKeeper(keeper)) return;
      process.kill(keeper.pid, 'SIGTERM');
      for (let waited = 0; waited < STOP_PATIENCE_MS && isKeeper(keeper); waited += POLL_MS)
        await sleep(POLL_MS);
      // The service ends with its keeper: the channel between them closes.
      if (isKeeper(keeper)) process.kill(keeper.pid, 'SIGKILL');
    },
  };
}

/** A process number is given out again; the command line says whose it is. */
export function isKeeper({ pid, id }: Keeper): boolean {
  if (!isAlive(pid)) return false;
  const commandLine = `/proc/${pid}/cmdline`;
  return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes(id);
}
