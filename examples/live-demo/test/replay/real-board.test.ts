import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openRecordedFlights } from 'mlops-demo/recorded-flights';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { afterEach, expect, it } from 'vitest';
import { claimPorts } from '../../src/supervise/ports.js';

const FROM = '2001-02-01T12:00:00Z';
const UNTIL = '2001-02-01T12:40:00Z';
const cleanUp: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

interface BoardFlight {
  flightId: string;
  outcome: { delayMinutes: number } | null;
}

function start(program: string, env: Record<string, string>): ChildProcess {
  const child = fork(fileURLToPath(new URL(`../../../../${program}`, import.meta.url)), {
    env: { ...process.env, LOG_LEVEL: 'fatal', ...env },
  });
  cleanUp.push(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  return child;
}

async function get<Answer>(url: string): Promise<Answer | undefined> {
  try {
    return (await (await fetch(url)).json()) as Answer;
  } catch {
    return undefined;
  }
}

async function boardFlights(url: string): Promise<BoardFlight[]> {
  const all: BoardFlight[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await get<{ flights: BoardFlight[]; nextCursor: string | null }>(
      `${url}/v1/flights?limit=200${query}`,
    );
    all.push(...(page?.flights ?? []));
    cursor = page?.nextCursor ?? null;
  }
  return all;
}

async function recordedFlights(): Promise<Map<string, number>> {
  const recorded = await openRecordedFlights();
  cleanUp.push(() => recorded.close());
  const days = [await recorded.day('2001-01-31'), await recorded.day('2001-02-01')];
  const inRange = days
    .flatMap((day) => day ?? [])
    .filter(({ departedAt }) => {
      const at = Date.parse(departedAt);
      return at >= Date.parse(FROM) && at < Date.parse(UNTIL);
    });
  return new Map(inRange.map(({ flightId, delayMinutes }) => [flightId, delayMinutes]));
}

it(
  'killed twice and started again, every recorded flight of the range is on the board exactly once, with its outcome',
  { timeout: 120_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'triops-replay-test-'));
    cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
    const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres') });
    cleanUp.push(() => postgres.stop());
    const claimed = await claimPorts(0);
    if (claimed.kind === 'taken') throw new Error(claimed.because);
    const [boardPort, replayPort] = [claimed.ports['flights-api'], claimed.ports.replay].map(String) as [
      string,
      string,
    ];
    const boardUrl = `http://127.0.0.1:${boardPort}`;
    // No model server: the board answers with its base rate, which is all this test needs.
    const env = { DATABASE_URL: postgres.url, MODEL_SERVER_URL: 'http://127.0.0.1:9' };
    start('packages/devops-demo/dist/service/main.js', { ...env, PORT: boardPort });
    const startReplay = (speed: number): ChildProcess =>
      start('examples/live-demo/dist/replay/main.js', {
        ...env,
        PORT: replayPort,
        FLIGHTS_API_URL: boardUrl,
        REPLAY_START: FROM,
        REPLAY_UNTIL: UNTIL,
        REPLAY_SPEED: String(speed),
        REPLAY_MAX_PER_SECOND: '300',
      });
    const onBoard = async (): Promise<number> =>
      (await get<{ flights: number }>(`${boardUrl}/v1/stats`))?.flights ?? 0;

    for (const target of [80, 240]) {
      const replay = startReplay(600);
      await expect.poll(onBoard, { timeout: 30_000 }).toBeGreaterThan(target);
      replay.kill('SIGKILL');
      await once(replay, 'exit');
    }
    startReplay(3_600);
    await expect
      .poll(async () => (await get<{ state: string }>(`http://127.0.0.1:${replayPort}/v1/replay`))?.state, {
        timeout: 90_000,
        interval: 250,
      })
      .toBe('finished');

    const recorded = await recordedFlights();
    const board = await boardFlights(boardUrl);
    expect(recorded.size).toBeGreaterThan(400);
    expect(board.map(({ flightId }) => flightId).sort()).toEqual([...recorded.keys()].sort());
    for (const { flightId, outcome } of board) expect(outcome?.delayMinutes).toBe(recorded.get(flightId));
  },
);
