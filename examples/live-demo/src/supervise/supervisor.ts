/**
 * Supervisor: starts the parts of a system, each when what it needs works, and stops them in the opposite order.
 *
 * in: Part[] → out: running processes, and a sentence for every change
 *
 * Rule: a part that cannot start stops everything. A part that ends later without being asked is told and remembered; the
 * others go on, because watching a broken system is what this project is about.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import type { EmbeddedPostgres } from 'service-chassis/embedded-postgres';
import type { Known, Part, PartName, Service, Task } from '../system.js';
import { programPath, startChild } from './child.js';
import type { Child } from './child.js';
import { askReadiness, untilReady } from './readiness.js';

export interface SupervisorOptions {
  readonly parts: readonly Part[];
  readonly known: Omit<Known, 'databaseUrl'>;
  /** Environment of every child. */
  readonly env: Record<string, string>;
  readonly logsDir: string;
  readonly onEvent: (event: PartEvent) => void;
}

export interface PartEvent {
  readonly part: PartName;
  readonly kind: 'starting' | 'ready' | 'not-needed' | 'ended' | 'stopped' | 'killed';
  readonly because: string;
}

export interface Supervisor {
  /** Resolves when every part works; rejects with the reason when one does not. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** SIGKILL, on purpose. */
  kill(part: PartName): Promise<void>;
  startAgain(part: PartName): Promise<void>;
  /** Process ids of what runs, for measuring memory. */
  pids(): Map<PartName, number>;
  /** Parts that ended without being asked to, in words. */
  failures(): readonly string[];
  /** Services that run and do not work right now, in words. */
  complaints(): Promise<string[]>;
}

const START_PATIENCE_MS = 120_000;
const LAST_LINES = 8;

export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { parts, known, onEvent, logsDir } = options;
  const children = new Map<PartName, Child>();
  const worked = new Set<Child>();
  const expectedToEnd = new Set<Child>();
  const failures: string[] = [];
  let database: EmbeddedPostgres | undefined;
  let databaseStarting: Promise<EmbeddedPostgres> | undefined;
  let stopping: Promise<void> | undefined;

  const facts = (): Known => ({ ...known, databaseUrl: database?.url ?? '' });
  const logFile = (part: Part): string => join(logsDir, `${part.name}.log`);
  const told = (part: PartName, kind: PartEvent['kind'], because: string): void =>
    onEvent({ part, kind, because });

  function launch(part: Service | Task): Child {
    const child = startChild({
      program: programPath(part.program),
      args: part.args?.(facts()) ?? [],
      heapMb: part.heapMb,
      cwd: programPath(''),
      logFile: logFile(part),
      env: { ...options.env, ...part.env(facts()), PORT: String(known.ports[part.name]) },
    });
    children.set(part.name, child);
    void noticeEnd(part, child);
    return child;
  }

  async function noticeEnd(part: Service | Task, child: Child): Promise<void> {
    const { how } = await child.ended;
    if (children.get(part.name) === child) children.delete(part.name);
    const surprising = worked.has(child) && !expectedToEnd.has(child) && stopping === undefined;
    if (!surprising) return;
    failures.push(`${part.name} ended by itself with ${how}`);
    told(part.name, 'ended', `${how}. Its last words:\n${lastWords(logFile(part))}`);
  }

  async function startDatabase(part: Part): Promise<void> {
    const began = Date.now();
    databaseStarting = startEmbeddedPostgres({
      dataDir: join(known.stateDir, 'postgres'),
      port: known.ports[part.name],
    });
    database = await databaseStarting;
    told(part.name, 'ready', `${part.is} on port ${database.port} (${secondsSince(began)} s)`);
  }

  async function startService(part: Service): Promise<void> {
    const began = Date.now();
    const child = launch(part);
    const address = `http://127.0.0.1:${known.ports[part.name]}`;
    const readiness = await untilReady(address, child, START_PATIENCE_MS);
    // Whether it had been ready or not: it was we who ended it.
    if (stopping !== undefined) return;
    if (readiness.kind === 'not-ready') {
      throw new Error(
        `${part.name} did not start: ${readiness.because}. Its last words (${logFile(part)}):\n${lastWords(logFile(part))}`,
      );
    }
    worked.add(child);
    told(part.name, 'ready', `${address}  ${part.is} (${secondsSince(began)} s)`);
  }

  async function doTask(part: Task): Promise<void> {
    const done = part.doneWhen(facts());
    if (existsSync(done)) {
      told(part.name, 'not-needed', `${done} is there from an earlier run`);
      return;
    }
    const began = Date.now();
    const { ok, how } = await launch(part).ended;
    if (stopping !== undefined) return;
    if (!ok) {
      throw new Error(
        `${part.name} failed: ${how}. Its last words (${logFile(part)}):\n${lastWords(logFile(part))}`,
      );
    }
    told(part.name, 'ready', `${part.is} (${secondsSince(began)} s)`);
  }

  async function startPart(part: Part): Promise<void> {
    if (stopping !== undefined) return;
    told(part.name, 'starting', part.is);
    if (part.kind === 'database') await startDatabase(part);
    else if (part.kind === 'task') await doTask(part);
    else await startService(part);
  }

  async function start(): Promise<void> {
    const started = new Map<PartName, Promise<void>>();
    for (const part of parts) started.set(part.name, startAfter(promisesOf(started, part.after), part));
    await Promise.all(started.values());
  }

  async function startAfter(needs: readonly Promise<void>[], part: Part): Promise<void> {
    await Promise.all(needs);
    await startPart(part);
  }

  async function stopPart(part: Part): Promise<void> {
    const child = children.get(part.name);
    // The database may be starting right now: only what has started can be stopped.
    const started = part.kind === 'database' ? await databaseStarting?.catch(() => undefined) : child;
    if (started === undefined) return;
    await started.stop();
    told(part.name, 'stopped', '');
  }

  async function stopAll(): Promise<void> {
    const stopped = new Map<PartName, Promise<void>>();
    for (const part of parts.toReversed()) {
      const users = parts.filter((other) => other.after.includes(part.name)).map(({ name }) => name);
      stopped.set(part.name, stopAfter(promisesOf(stopped, users), part));
    }
    await Promise.all(stopped.values());
  }

  async function stopAfter(users: readonly Promise<void>[], part: Part): Promise<void> {
    await Promise.all(users);
    await stopPart(part);
  }

  return {
    start,
    async stop() {
      stopping ??= stopAll();
      await stopping;
    },
    async kill(name) {
      const child = children.get(name);
      if (child === undefined) return;
      expectedToEnd.add(child);
      child.kill();
      await child.ended;
      told(name, 'killed', 'SIGKILL');
    },
    async startAgain(name) {
      const part = parts.find((one) => one.name === name);
      if (part !== undefined) await startPart(part);
    },
    pids() {
      const pids = new Map([...children].map(([name, child]) => [name, child.pid] as const));
      if (database !== undefined && stopping === undefined) pids.set('postgres', database.pid);
      return pids;
    },
    failures: () => failures,
    async complaints() {
      const services = parts.filter((part) => part.kind === 'service' && children.has(part.name));
      const asked = services.map(async ({ name }) => {
        const readiness = await askReadiness(`http://127.0.0.1:${known.ports[name]}`);
        return readiness.kind === 'ready' ? [] : [`${name} is not ready: ${readiness.because}`];
      });
      return (await Promise.all(asked)).flat();
    },
  };
}

function promisesOf(
  known: ReadonlyMap<PartName, Promise<void>>,
  names: readonly PartName[],
): Promise<void>[] {
  return names.flatMap((name) => known.get(name) ?? []);
}

function secondsSince(began: number): string {
  return ((Date.now() - began) / 1_000).toFixed(1);
}

function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.slice(-LAST_LINES).join('\n');
}
