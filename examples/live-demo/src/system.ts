/**
 * The system: its parts, what each needs before it starts, and how it is known to work. Data only.
 *
 *   control-room ─┬→ postgres ─┬→ aiops
 *                 │            └→ flights-api ──┐
 *                 ├→ model-server ──────────────┼→ replay
 *                 └→ training ──────────────────┘
 */
import { endOfDay } from './stories.mjs';
import type { Story } from './stories.mjs';

export type PartName =
  'control-room' | 'postgres' | 'aiops' | 'flights-api' | 'training' | 'model-server' | 'replay';

/** What a part may be told about the others. The database's address is known only once it runs. */
export interface Known {
  readonly ports: Readonly<Record<PartName, number>>;
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly token: string;
  readonly speed: number;
  readonly seed: number;
  readonly story: Story | undefined;
}

interface PartBase {
  readonly name: PartName;
  /** What it is, for the list that is printed at the start. */
  readonly is: string;
  /** Parts that must work first. */
  readonly after: readonly PartName[];
}

interface ProgramBase extends PartBase {
  /** Path from the repository's root. */
  readonly program: string;
  readonly args?: (known: Known) => readonly string[];
  /** Bound of JavaScript's old generation, so that garbage is collected before memory is taken. */
  readonly heapMb: number;
  readonly env: (known: Known) => Record<string, string>;
}

/** A program that runs until it is stopped, ready when GET /readyz answers 200. */
export interface Service extends ProgramBase {
  readonly kind: 'service';
}

/** A program that ends by itself, ready when it ended with 0. */
export interface Task extends ProgramBase {
  readonly kind: 'task';
  /** A file that is there when it was done before. */
  readonly doneWhen: (known: Known) => string;
}

/** PostgreSQL from the npm package. */
export interface Database extends PartBase {
  readonly kind: 'database';
}

export type Part = Service | Task | Database;

/** Position of each part's port after the base. */
const PORT_ORDER: readonly PartName[] = [
  'control-room',
  'flights-api',
  'model-server',
  'aiops',
  'replay',
  'postgres',
];

export function portsFrom(base: number): Record<PartName, number> {
  const ports = Object.fromEntries(PORT_ORDER.map((name, index) => [name, base + index]));
  return { ...ports, training: 0 } as Record<PartName, number>;
}

const url = (known: Known, part: PartName): string => `http://127.0.0.1:${known.ports[part]}`;

const neighbours = (known: Known): Record<string, string> => ({
  FLIGHTS_API_URL: url(known, 'flights-api'),
  MODEL_SERVER_URL: url(known, 'model-server'),
  AIOPS_URL: url(known, 'aiops'),
  REPLAY_URL: url(known, 'replay'),
  CONTROL_ROOM_URL: url(known, 'control-room'),
});

/** Where `devops` looks for the board's artifacts, instances and records. */
export const boardStateDir = (stateDir: string): string => `${stateDir}/devops`;

const modelsDir = (known: Known): string => `${known.stateDir}/mlops`;

/** Twice what the busiest hour of the record needs at this speed (44 at 60); the board takes 400 with a core to itself. */
function eventsPerSecond(speed: number): number {
  return Math.min(400, Math.max(20, Math.ceil((speed / 60) * 100)));
}

/** Heap bounds: twice what each needed after ten minutes at speed 60. */
export const SYSTEM: readonly Part[] = [
  {
    kind: 'service',
    name: 'control-room',
    is: 'the page that shows the three pipelines',
    after: [],
    program: 'packages/control-room/dist/main.js',
    heapMb: 48,
    env: neighbours,
  },
  { kind: 'database', name: 'postgres', is: 'PostgreSQL 18', after: ['control-room'] },
  {
    kind: 'task',
    name: 'training',
    is: 'the first model (mlops run)',
    after: ['control-room'],
    program: 'packages/mlops-demo/dist/cli.js',
    args: ({ story }) => ['run', ...(story === undefined ? [] : ['--through', story.modelThrough])],
    heapMb: 256,
    env: (known) => ({ MODELS_DIR: modelsDir(known), TRIOPS_STATE_DIR: boardStateDir(known.stateDir) }),
    doneWhen: (known) => `${modelsDir(known)}/production`,
  },
  {
    // Beside the training, not after it: it tells the control room how far the training is.
    kind: 'service',
    name: 'model-server',
    is: 'the delay-risk model',
    after: ['control-room'],
    program: 'packages/mlops-demo/dist/serve/main.js',
    heapMb: 128,
    env: (known) => ({
      ...neighbours(known),
      MODELS_DIR: modelsDir(known),
      TRIOPS_STATE_DIR: boardStateDir(known.stateDir),
      ...(known.story === undefined ? {} : { RETRAIN_AFTER_DAYS: '0' }),
    }),
  },
  {
    kind: 'service',
    name: 'aiops',
    is: 'signals, templates, anomalies, incidents',
    after: ['postgres'],
    program: 'packages/aiops-demo/dist/main.js',
    heapMb: 96,
    env: (known) => ({ ...neighbours(known), DATABASE_URL: known.databaseUrl }),
  },
  {
    kind: 'service',
    // The gateway, and behind it the version that is built here; `npx devops release` brings the next one beside it.
    name: 'flights-api',
    is: 'the departures board behind its gateway',
    after: ['postgres'],
    program: 'packages/devops-demo/dist/cli.js',
    args: () => ['gateway'],
    heapMb: 48,
    env: (known) => ({
      ...neighbours(known),
      DATABASE_URL: known.databaseUrl,
      GATEWAY_ADMIN_PORT: '0',
      TRIOPS_STATE_DIR: boardStateDir(known.stateDir),
    }),
  },
  {
    kind: 'service',
    name: 'replay',
    is: 'real flights of 2001, sent in time order',
    after: ['training', 'flights-api', 'model-server'],
    program: 'examples/live-demo/dist/replay/main.js',
    heapMb: 96,
    env: (known) => ({
      ...neighbours(known),
      DATABASE_URL: known.databaseUrl,
      REPLAY_SPEED: String(known.speed),
      REPLAY_SEED: String(known.seed),
      REPLAY_MAX_PER_SECOND: String(eventsPerSecond(known.speed)),
      ...(known.story === undefined
        ? {}
        : { REPLAY_START: known.story.startsAt, REPLAY_UNTIL: endOfDay(known.story.through) }),
    }),
  },
];
