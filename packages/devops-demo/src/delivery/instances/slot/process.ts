/**
 * Keeper of one slot: runs the artifact that the slot's record names, verified first; idle without one.
 *
 * Rule: idle it answers 503 to /readyz, so that the gateway sends nothing here, and 200 to /livez and /metrics: a free slot is no outage. Asked
 * to stop it stops at once, whatever it was waiting for, and leaves no version behind.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keeperFile } from '../../instances.js';
import type { InstanceRecord, Slot } from '../../instances.js';
import { whyNotStart } from '../checked-start/store.js';
import { endChild, isRunning } from '../end-child/process.js';
import { recordIn } from '../files/store.js';
import { openVersionLog } from '../version-log/store.js';
import type { VersionLog } from '../version-log/store.js';

export interface SlotOptions {
  readonly slot: Slot;
  readonly stateDir: string;
  /** Settings of the board; PORT and HOST are where the slot is reached. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: stop. */
  readonly asked: AbortSignal;
  readonly say: (text: string) => void;
  /** Before the first restart; doubled for each further one. */
  readonly firstPauseMs?: number;
  /** How long a version may take to end. */
  readonly patienceMs?: number;
}

const LOOK_MS = 250;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Megabytes of JavaScript's generations; the board lives on a third of it. */
const SERVICE_MEMORY = ['--max-old-space-size=64', '--max-semi-space-size=2'];

/** Returns when it was asked to stop and nothing runs any more. */
export async function keepSlot(options: SlotOptions): Promise<void> {
  const { slot, stateDir, env, asked, say, firstPauseMs = FIRST_PAUSE_MS, patienceMs } = options;
  const artifactsDir = join(stateDir, 'artifacts');
  const wanted = () => (asked.aborted ? undefined : recordIn(stateDir, slot));

  async function until(isSo: () => boolean): Promise<void> {
    while (!asked.aborted && !isSo())
      await sleep(LOOK_MS, undefined, { signal: asked }).catch(() => undefined);
  }

  async function idle(): Promise<void> {
    say('idle: no version has this slot');
    const server = createServer(({ url }, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.statusCode = url === '/readyz' ? 503 : url === '/livez' || url === '/metrics' ? 200 : 404;
      response.end(url === '/metrics' ? '# TYPE devops_slot_idle gauge\ndevops_slot_idle 1\n' : '');
    });
    server.listen(Number(env['PORT']), env['HOST'] ?? '127.0.0.1');
    await until(() => wanted() !== undefined);
    await new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  }

  function start({ digest }: InstanceRecord, log: VersionLog): ChildProcess {
    const child = fork(join(artifactsDir, digest, 'dist/service/main.js'), {
      cwd: stateDir,
      // The commit is the artifact's own, not the image's.
      env: { ...env, TRIOPS_COMMIT: '', DELIVERY_STATE: join(stateDir, 'release.json') },
      execArgv: SERVICE_MEMORY,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (text: Buffer) => {
        process.stdout.write(text);
        log.write(text);
      });
    return child;
  }

  /** Runs one record's version, again and again when it dies, until the record is gone or another. */
  async function run(record: InstanceRecord): Promise<void> {
    let pauseMs = firstPauseMs;
    const log = openVersionLog(record.logFile);
    const isWanted = () => wanted()?.id === record.id;
    for (let restarts = 0; isWanted(); restarts++) {
      const { id, digest } = record;
      const keeper = { id, pid: process.pid, restarts };
      const refused = whyNotStart({ stateDir, artifactsDir, slot, digest, keeper, log });
      if (refused !== undefined) say(refused);
      else {
        const child = start(record, log);
        await until(() => !isRunning(child) || !isWanted());
        await endChild(child, patienceMs);
      }
      const again = Date.now() + pauseMs;
      await until(() => Date.now() >= again || !isWanted());
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
    rmSync(join(stateDir, keeperFile(slot)), { force: true });
  }

  while (!asked.aborted) {
    const record = wanted();
    if (record === undefined) await idle();
    else await run(record);
  }
}
