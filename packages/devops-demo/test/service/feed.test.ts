import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import type { EmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { departure, freshDatabase, startBoard } from '../harness.js';
import type { TestBoard } from '../harness.js';

// A server of its own: open transactions hold the feed back, and other test files shall not wait for these.
const folder = mkdtempSync(join(tmpdir(), 'triops-feed-'));
let postgres: EmbeddedPostgres;
let board: TestBoard;
let databaseUrl: string;

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
  databaseUrl = await freshDatabase(postgres.url);
  board = await startBoard({ databaseUrl });
});
afterAll(async () => {
  await board.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await board.pool.query('truncate flights, events');
});

interface Page {
  events: { type: string; flightId: string }[];
  next: string;
}
const feed = async (after = '', limit = 1_000) =>
  (await board.get<Page>(`/v1/feed?after=${after}&limit=${limit}`)).body;
const outcome = { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' };

describe('the feed', () => {
  it('tells departures and landings in order, and the departure does not tell the future', async () => {
    await board.depart({ flightId: 'A' });
    await board.depart({ flightId: 'B' });
    await board.send('PUT', '/v1/flights/A/outcome', outcome);
    const { events, next } = await feed();
    expect(events).toEqual([
      { type: 'departed', ...departure({ flightId: 'A' }) },
      { type: 'departed', ...departure({ flightId: 'B' }) },
      { type: 'landed', ...departure({ flightId: 'A' }), ...outcome },
    ]);
    expect(await feed(next)).toEqual({ events: [], next });
  });

  it('of an empty board is empty, and its bookmark can be used', async () => {
    const { events, next } = await feed();
    expect(events).toEqual([]);
    await board.depart({ flightId: 'A' });
    expect((await feed(next)).events).toHaveLength(1);
  });

  it('a repeated write is told once', async () => {
    await board.depart({ flightId: 'A' });
    await board.depart({ flightId: 'A' });
    await board.send('PUT', '/v1/flights/A/outcome', outcome);
    await board.send('PUT', '/v1/flights/A/outcome', outcome);
    expect((await feed()).events.map(({ type }) => type)).toEqual(['departed', 'landed']);
  });

  it('an event whose transaction ends late is not skipped', async () => {
    const slow = new pg.Client({ connectionString: databaseUrl, options: '-c search_path=board' });
    await slow.connect();
    await slow.query('begin');
    await slow.query(`insert into flights (flight_id, origin, destination, departed_at, departed_offset, distance_miles,
      risk_probability, risk_source, risk_version) values ('late', 'ATL', 'SAV', '2001-02-01T13:15:00Z', -300, 215, 0.5, 'model', 'm')`);
    await slow.query(`insert into events (type, flight_id) values ('departed', 'late')`);
    await board.depart({ flightId: 'early' });

    const before = await feed();
    expect(before.events, 'nothing is shown past an open transaction').toEqual([]);
    await slow.query('commit');
    await slow.end();
    const after = await feed(before.next);
    expect(after.events.map(({ flightId }) => flightId)).toEqual(['late', 'early']);
  });

  it('a reader beside many writers misses nothing and sees nothing twice', async () => {
    const writes = 400;
    const writers = Promise.all(
      Array.from({ length: 8 }, async (_, writer) => {
        for (let n = writer; n < writes; n += 8) await board.depart({ flightId: `W${n}` });
      }),
    );
    let done = false;
    void writers.finally(() => {
      done = true;
    });
    const seen: string[] = [];
    let cursor = '';
    for (;;) {
      const last = done;
      const page = await feed(cursor, 7);
      seen.push(...page.events.map(({ flightId }) => flightId));
      cursor = page.next;
      if (last && page.events.length === 0) break;
    }
    await writers;
    expect(seen).toHaveLength(writes);
    expect(new Set(seen).size).toBe(writes);
  });
});
