import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { forkBoard, startBoardProcess } from '../board-process.js';
import type { BoardProcess } from '../board-process.js';
import { startFakeModelServer, wellBehaved } from '../fake-model-server.js';
import { PACKAGE_DIR, freshDatabase } from '../harness.js';

const started: BoardProcess[] = [];
afterEach(() => {
  for (const { child } of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});

async function start(env: Record<string, string>): Promise<BoardProcess> {
  const board = await startBoardProcess(env);
  started.push(board);
  return board;
}

/** Clients that register and land flights without a pause until the board is gone. */
function load(board: BoardProcess, clients: number) {
  const accepted = { departures: new Set<string>(), outcomes: new Set<string>() };
  const otherwise: string[] = [];
  const landing = { delayMinutes: 3, landedAt: '2001-02-01T09:31:00-05:00' };
  async function run(name: number): Promise<void> {
    for (let n = 0; ; n++) {
      const flightId = `C${name}-${n}`;
      try {
        const departed = await board.depart({ flightId });
        if (departed.status === 201) accepted.departures.add(flightId);
        else otherwise.push(`departure answered ${departed.status}`);
        const landed = await board.send('PUT', `/v1/flights/${flightId}/outcome`, landing);
        if (landed.status === 201) accepted.outcomes.add(flightId);
        else otherwise.push(`outcome answered ${landed.status}`);
      } catch (error) {
        const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
        otherwise.push(cause?.code ?? String(error));
        return;
      }
    }
  }
  const ended = Promise.all(Array.from({ length: clients }, (_, name) => run(name)));
  return { accepted, otherwise, ended };
}

async function rowsOf(databaseUrl: string): Promise<{ departures: Set<string>; outcomes: Set<string> }> {
  const database = new pg.Client(databaseUrl);
  await database.connect();
  const { rows } = await database.query<{ flight_id: string; landed_at: Date | null }>(
    'select flight_id, landed_at from board.flights',
  );
  await database.end();
  const landed = rows.filter((row) => row.landed_at !== null);
  return {
    departures: new Set(rows.map((row) => row.flight_id)),
    outcomes: new Set(landed.map((row) => row.flight_id)),
  };
}

describe('the board as a process', () => {
  it('killed with SIGKILL in the middle of a load, has every write that it accepted', async () => {
    const env = { DATABASE_URL: await freshDatabase() };
    const first = await start(env);
    const { accepted, ended } = load(first, 8);
    await expect.poll(() => accepted.outcomes.size).toBeGreaterThan(150);
    first.child.kill('SIGKILL');
    await ended;
    expect(await first.ended).toEqual([null, 'SIGKILL']);

    const second = await start(env);
    const kept = await rowsOf(env.DATABASE_URL);
    expect([...accepted.departures].filter((id) => !kept.departures.has(id))).toEqual([]);
    expect([...accepted.outcomes].filter((id) => !kept.outcomes.has(id))).toEqual([]);
    const again = await second.depart({ flightId: [...accepted.departures].at(-1) });
    expect(again.status, 'a client that asks again is told so').toBe(200);
  });

  it('stopped with SIGTERM while requests are in flight, answers every one and ends with 0', async () => {
    const model = await startFakeModelServer();
    const waiting: (() => void)[] = [];
    model.behave((response, { flightId }) => {
      waiting.push(() => {
        response.end(JSON.stringify({ modelVersion: 'm', predictions: [{ flightId, probability: 0.5 }] }));
      });
    });
    const board = await start({ DATABASE_URL: await freshDatabase(), MODEL_SERVER_URL: model.url });
    // Fewer than the failures that open the circuit: every one waits for the model.
    const requests = 4;
    const answers = Promise.all(
      Array.from({ length: requests }, (_, n) => board.depart({ flightId: `S${n}` })),
    );
    await expect.poll(() => waiting.length, { interval: 5 }).toBeGreaterThanOrEqual(requests);
    board.child.kill('SIGTERM');
    await expect
      .poll(() => board.output.some((line) => line.includes('stopping: SIGTERM')), { interval: 5 })
      .toBe(true);
    model.behave(wellBehaved);
    for (const answer of waiting.splice(0)) answer();
    expect((await answers).map(({ status }) => status)).toEqual(Array.from({ length: requests }, () => 201));
    expect(await board.ended).toEqual([0, null]);
    await model.close();
  });

  it('stopped under load, writes nothing that it did not answer, and fails no request that it has read', async () => {
    const env = { DATABASE_URL: await freshDatabase() };
    const board = await start(env);
    const { accepted, otherwise, ended } = load(board, 8);
    await expect.poll(() => accepted.outcomes.size).toBeGreaterThan(100);
    board.child.kill('SIGTERM');
    await ended;
    expect(await board.ended).toEqual([0, null]);
    expect(otherwise.filter((what) => what.includes('answered'))).toEqual([]);
    // A connection may end in the moment in which a request is on its way; that request was not read, nothing was written.
    expect(otherwise, 'each client was cut off once').toHaveLength(8);
    const kept = await rowsOf(env.DATABASE_URL);
    expect(kept).toEqual(accepted);
  });

  it('ends when the process that forked it lets go', async () => {
    const board = await start({ DATABASE_URL: await freshDatabase() });
    board.child.disconnect();
    expect(await board.ended).toEqual([0, null]);
  });

  it('without DATABASE_URL ends with 2 and names it', async () => {
    const { ended, output } = forkBoard({});
    expect(await ended).toEqual([2, null]);
    expect(output.join('\n')).toContain('DATABASE_URL: set it to postgresql://');
  });
});

describe('a bundle that is not what was built does not start', () => {
  function copyOfPackage(): string {
    const folder = mkdtempSync(join(tmpdir(), 'triops-bundle-'));
    for (const part of ['dist', 'migrations', 'package.json']) {
      cpSync(join(PACKAGE_DIR, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(PACKAGE_DIR, '../../node_modules'), join(folder, 'node_modules'), 'junction');
    return folder;
  }

  it.each<[string, Record<string, string>, (folder: string) => void, string]>([
    [
      'with an edited file',
      {},
      (folder) => writeFileSync(join(folder, 'dist/service/server.js'), 'throw new Error("evil");'),
      'dist/service/server.js is not what was built',
    ],
    [
      'with a missing migration',
      {},
      (folder) => rmSync(join(folder, 'migrations/0001_board.sql')),
      'migrations/0001_board.sql is missing',
    ],
    [
      'with a file too many',
      {},
      (folder) => writeFileSync(join(folder, 'migrations/0002_extra.sql'), 'select 1;'),
      'migrations/0002_extra.sql was not built',
    ],
    [
      'with a truncated manifest',
      {},
      (folder) => writeFileSync(join(folder, 'dist/manifest.json'), '{"name":'),
      'dist/manifest.json is no JSON',
    ],
    [
      'without a manifest in production',
      { NODE_ENV: 'production' },
      (folder) => rmSync(join(folder, 'dist/manifest.json')),
      'there is no manifest, and production requires one',
    ],
  ])('%s', async (_what, env, damage, because) => {
    const folder = copyOfPackage();
    damage(folder);
    const { ended, output } = forkBoard(
      { DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none', ...env },
      folder,
    );
    expect(await ended).toEqual([1, null]);
    expect(output.join('\n')).toMatch(/"message":"cannot start: the bundle was refused: [^"]+"/);
    expect(output.join('\n')).toContain(because);
    expect(output.join('\n')).not.toContain('evil');
    rmSync(folder, { recursive: true });
  });
});
