/**
 * Keeper of one slot, as the program of a container: runs the artifact that the slot's record names, verified first; idle without one.
 *
 *   node main.js SLOT        (TRIOPS_STATE_DIR, PORT, and the settings of the board)
 *
 * Rule: idle it answers 503 to /readyz, so that the gateway sends nothing here, and 200 to /livez and /metrics: a free slot is no outage.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from '../../artifact/store.js';
import { keeperFile } from '../../instances.js';
import type { InstanceRecord, Slot } from '../../instances.js';
import { writeJson } from '../../json-file/store.js';
import { stateDirOf } from '../../state-dir.js';
import { recordIn } from '../files/store.js';

const [slot] = process.argv.slice(2) as [Slot];
const stateDir = stateDirOf(process.env);
const artifactsDir = join(stateDir, 'artifacts');
const LOOK_MS = 250;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** Megabytes of JavaScript's generations; the board lives on a third of it. */
const SERVICE_MEMORY = ['--max-old-space-size=64', '--max-semi-space-size=2'];

const asked = new AbortController();
process.on('SIGTERM', () => asked.abort());
process.on('SIGINT', () => asked.abort());

const stopping = () => asked.signal.aborted;
const wanted = () => (stopping() ? undefined : recordIn(stateDir, slot));
const say = (text: string) => process.stdout.write(`${JSON.stringify({ slot, message: text })}\n`);

async function idle(): Promise<void> {
  say('idle: no version has this slot');
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.statusCode = url === '/readyz' ? 503 : url === '/livez' || url === '/metrics' ? 200 : 404;
    response.end(url === '/metrics' ? '# TYPE devops_slot_idle gauge\ndevops_slot_idle 1\n' : '');
  });
  server.listen(Number(process.env['PORT']), process.env['HOST'] ?? '127.0.0.1');
  while (!stopping() && wanted() === undefined) await sleep(LOOK_MS);
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
}

function start({ digest, logFile }: InstanceRecord): ChildProcess {
  const child = fork(join(artifactsDir, digest, 'dist/service/main.js'), {
    cwd: stateDir,
    // The commit is the artifact's own, not the image's.
    env: { ...process.env, TRIOPS_COMMIT: '', DELIVERY_STATE: join(stateDir, 'release.json') },
    execArgv: SERVICE_MEMORY,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => {
      process.stdout.write(text);
      appendFileSync(logFile, text);
    });
  return child;
}

/** Runs one record's version, again and again when it dies, until the record is gone or another. */
async function run(record: InstanceRecord): Promise<void> {
  let pauseMs = FIRST_PAUSE_MS;
  const isWanted = () => wanted()?.id === record.id;
  for (let restarts = 0; isWanted(); restarts++) {
    writeJson(join(stateDir, keeperFile(slot)), { id: record.id, pid: process.pid, restarts });
    const opened = open(artifactsDir, record.digest);
    if (opened.kind === 'refused') appendFileSync(record.logFile, `${opened.because}\n`);
    else await untilEnd(start(record), isWanted);
    await sleep(pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
  rmSync(join(stateDir, keeperFile(slot)), { force: true });
}

async function untilEnd(child: ChildProcess, isWanted: () => boolean): Promise<void> {
  const runs = () => child.exitCode === null && child.signalCode === null;
  while (runs() && isWanted()) await sleep(LOOK_MS);
  if (runs()) child.kill('SIGTERM');
  while (runs()) await sleep(LOOK_MS);
}

while (!stopping()) {
  const record = wanted();
  if (record === undefined) await idle();
  else await run(record);
}
process.exit(0);
