/**
 * The demo: one run of the whole system, from the first process to the summary.
 *
 *   lock → ports → start the parts → flights flow → (inject a fault) → stop the parts → summarise
 */
import { randomBytes } from 'node:crypto';
import { join, relative, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runningInstances } from 'devops-demo/delivery';
import { SCENARIOS } from './faults.mjs';
import { injectFault } from './inject.js';
import type { DemoOptions } from './options.mjs';
import { lockDemo } from './supervise/demo-lock.js';
import { forgetEarlierRuns, leftBehind } from './supervise/earlier-runs.js';
import { openLogs } from './supervise/logs.js';
import { claimPorts } from './supervise/ports.js';
import { createSupervisor } from './supervise/supervisor.js';
import type { PartEvent, Supervisor } from './supervise/supervisor.js';
import { boardStateDir } from './system.js';
import type { Part, PartName } from './system.js';
import { untilStopped } from './until-stopped.js';
import { createJournal } from './watch/journal.js';
import type { Journal } from './watch/journal.js';
import type { Line } from './watch/narrate.js';
import { summarise } from './watch/summary.js';
import type { Summary } from './watch/summary.js';
import { startWatcher } from './watch/watcher.js';

export interface DemoShell {
  readonly say: (line: Line) => void;
  /** Aborted with a word that says by what: 'Ctrl-C', 'SIGTERM'. */
  readonly stop: AbortSignal;
  readonly parts: readonly Part[];
}

export type DemoOutcome = { kind: 'refused'; because: string } | { kind: 'ran'; summary: Summary };

/** From the last part being ready to the first flight on the board; the replay needs a second. */
const FLOW_PATIENCE_MS = 60_000;
/** After `kill -9` of a demo its parts notice and end. */
const PARTS_END_WITHIN_MS = 10_000;

type Ports = Readonly<Record<PartName, number>>;

export async function runDemo(options: DemoOptions, shell: DemoShell): Promise<DemoOutcome> {
  const stateDir = resolve(options.stateDir);
  const lock = lockDemo(stateDir);
  if (lock.kind === 'in-use') return { kind: 'refused', because: lock.because };
  try {
    if (lock.wasKilled)
      shell.say({ kind: 'start', text: 'the last demo was killed; its state is taken over' });
    const left = options.fresh || options.story === undefined ? [] : leftBehind(stateDir);
    if (left.length > 0) return { kind: 'refused', because: notEmpty(stateDir, left) };
    const claimed = await claimPorts(options.ports, lock.wasKilled ? PARTS_END_WITHIN_MS : 0);
    if (claimed.kind === 'taken') return { kind: 'refused', because: claimed.because };
    if (options.fresh) forgetEarlierRuns(stateDir);
    return { kind: 'ran', summary: await run({ ...options, stateDir }, shell, claimed.ports) };
  } finally {
    lock.release();
  }
}

async function run(options: DemoOptions, shell: DemoShell, ports: Ports): Promise<Summary> {
  const { say, stop } = shell;
  const { stateDir, forSeconds, speed, seed, fault, story } = options;
  const urlOf = (part: PartName): string => `http://127.0.0.1:${ports[part]}`;
  const token = randomBytes(24).toString('base64url');
  const logsDir = join(stateDir, 'logs');
  const journal = createJournal(say, Date.now());
  const logs = openLogs(logsDir);
  if (story !== undefined) {
    const span = `${story.startsAt.slice(0, 10)} to ${story.through}, model of ${story.modelThrough}`;
    say({ kind: 'start', text: `${story.what} (${span}, ${speed} simulated seconds a second)` });
  }
  say({ kind: 'start', text: `control room: ${urlOf('control-room')}   logs: ${relative('', logsDir)}` });

  const supervisor = createSupervisor({
    parts: shell.parts,
    logsDir,
    known: { ports, stateDir, token, speed, seed, story },
    env: {
      HOST: '127.0.0.1',
      TRIOPS_TOKEN: token,
      TRIOPS_FAULTS: fault === undefined ? 'off' : 'on',
      OTLP_LOGS_URL: `${urlOf('aiops')}/v1/logs`,
    },
    onEvent: (event) => say(partLine(event)),
  });
  const watcher = startWatcher({
    urlOf,
    pids: () =>
      new Map<string, number>([
        ...supervisor.pids(),
        ...runningInstances(boardStateDir(stateDir)),
        ['demo', process.pid],
      ]),
    onLine: say,
  });
  try {
    await untilStopped(stop, supervisor.start());
    await untilStopped(stop, Promise.race([watcher.flowing, noFlightsWithin(FLOW_PATIENCE_MS)]));
    if (!stop.aborted) {
      journal.flightsFlow(Date.now());
      if (fault !== undefined) breakSomething(fault, { urlOf, token, supervisor, stop, journal });
      const told = story === undefined ? forever : watcher.finished;
      const over = forSeconds === undefined ? forever : sleep(forSeconds * 1_000);
      await untilStopped(stop, Promise.race([told, over]));
      for (const complaint of stop.aborted ? [] : await supervisor.complaints()) journal.problem(complaint);
    }
  } catch (error) {
    journal.problem(error);
  }
  journal.ended(Date.now(), stop.aborted ? String(stop.reason) : undefined);

  await watcher.stop();
  say({ kind: 'stop', text: 'stopping: what uses others first, PostgreSQL and the control room last' });
  const failures = supervisor.failures();
  await supervisor.stop();
  logs.stop();
  return summarise({ ...journal.facts(), ...watcher.facts(), failures, wantedSeconds: forSeconds });
}

interface Breaking {
  readonly urlOf: (part: PartName) => string;
  readonly token: string;
  readonly supervisor: Supervisor;
  readonly stop: AbortSignal;
  readonly journal: Journal;
}

function breakSomething(name: string, { urlOf, token, supervisor, stop, journal }: Breaking): void {
  const scenario = SCENARIOS[name];
  if (scenario === undefined) throw new Error(`runDemo: expected a fault from the catalogue, got "${name}"`);
  injectFault({
    name,
    scenario,
    urlOf,
    token,
    supervisor,
    signal: stop,
    onChange: (text, record) => journal.fault(text, record),
  }).catch((error: unknown) => journal.problem(error));
}

function partLine({ part, kind, because }: PartEvent): Line {
  const text = `${part.padEnd(12)}  ${kind.padEnd(10)}  ${because}`.trimEnd();
  if (kind === 'ended') return { kind: 'problem', text };
  if (kind === 'killed') return { kind: 'fault', text };
  return { kind: kind === 'stopped' ? 'stop' : 'start', text };
}

function notEmpty(stateDir: string, left: readonly string[]): string {
  return (
    `A story begins from an empty state, and an earlier run left ${left.join(', ')} in ${stateDir}. ` +
    'Add --fresh to delete that, or name another folder with --state.'
  );
}

async function noFlightsWithin(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error(`every part is ready, and no flight reached the board within ${milliseconds / 1_000} s`);
}

const forever = new Promise<void>(() => undefined);
