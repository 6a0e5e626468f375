import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { expect, it } from 'vitest';
import { DatabaseAway } from '../../src/service/database-away.js';
import { createStore } from '../../src/service/store.js';
import { freshDatabase, startBoard } from '../harness.js';

it('a database that goes away: writes answer 503 with Retry-After, nothing accepted is lost, and all is well when it is back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'triops-outage-'));
  const dataDir = join(folder, 'data');
  let postgres = await startEmbeddedPostgres({ dataDir });
  const { port } = postgres;
  const board = await startBoard({ databaseUrl: await freshDatabase(postgres.url) });
  const accepted: string[] = [];
  const statuses = new Set<number>();
  const writing = new AbortController();

  /** A client that keeps registering, as the replay does. */
  const writer = async (name: string) => {
    for (let n = 0; !writing.signal.aborted; n++) {
      const { status } = await board.depart({ flightId: `${name}${n}` });
      statuses.add(status);
      if (status === 201) accepted.push(`${name}${n}`);
    }
  };
  const writers = ['a', 'b', 'c', 'd'].map(writer);
  await expect.poll(() => accepted.length).toBeGreaterThan(20);

  await postgres.stop();
  const refused = await board.depart({ flightId: 'refused' });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('2');
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body).toMatchObject({ title: 'Board unavailable' });
  expect((await board.get('/v1/flights')).status).toBe(503);
  expect((await board.get('/readyz')).body).toMatchObject({
    checks: { database: 'the database does not answer' },
  });
  expect((await board.get('/livez')).status, 'a restart would not help').toBe(200);
  const stages = (await board.get<{ stages: { name: string; state: string }[] }>('/v1/delivery')).body.stages;
  expect(stages.find(({ name }) => name === 'deploy')?.state).toBe('running');

  postgres = await startEmbeddedPostgres({ dataDir, port });
  await expect.poll(async () => (await board.get('/readyz')).status).toBe(200);
  const before = accepted.length;
  await expect.poll(() => accepted.length).toBeGreaterThan(before + 20);
  expect((await board.depart({ flightId: 'refused' })).status).toBe(201);

  writing.abort();
  await Promise.all(writers);
  expect(statuses, 'never anything else').toEqual(new Set([201, 503]));
  const { rows } = await board.pool.query<{ flight_id: string }>('select flight_id from flights');
  const kept = new Set(rows.map((row) => row.flight_id));
  expect(accepted.filter((flightId) => !kept.has(flightId))).toEqual([]);
  await board.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('a database that hangs counts as away, and works again when it moves', async () => {
  const board = await startBoard();
  await board.depart({ flightId: 'A' });
  const store = createStore(board.pool, 200);
  const blocker = await board.pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table flights in access exclusive mode');
  await expect(store.find('A')).rejects.toThrow(DatabaseAway);
  await blocker.query('rollback');
  blocker.release();
  expect((await store.find('A'))?.flightId).toBe('A');
  await board.close();
});
