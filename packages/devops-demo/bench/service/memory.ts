/** Memory: what the board holds as its table grows, and how a fresh process grows under a light load. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { BoardProcess } from './board-process.js';
import { ask, load } from './load.js';
import type { Load } from './load.js';

const LISTS = 1_000;

export interface BoardSize extends Load {
  readonly flights: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

/** Fills the table up to each size and reads lists from it. */
export async function boardSizes(
  board: BoardProcess,
  pool: pg.Pool,
  sizes: readonly number[],
): Promise<BoardSize[]> {
  const rows: BoardSize[] = [];
  await pool.query('truncate flights, events');
  for (const flights of sizes) {
    await fill(pool, flights);
    const lists = await load(board.url, 'list', LISTS);
    const { residentBytes, heapBytes } = await board.usage();
    rows.push({ flights, residentBytes, heapBytes, ...lists });
  }
  return rows;
}

async function fill(pool: pg.Pool, flights: number): Promise<void> {
  await pool.query(
    `insert into flights select 'F' || n, 'ATL', 'SAV', timestamptz '2001-01-01' + n * interval '1 second', -300, 215,
       0.3, 'model', 'bench' from generate_series((select count(*) + 1 from flights), $1::bigint) n`,
    [flights],
  );
  await pool.query('vacuum analyze flights');
}

export interface Growth {
  readonly seconds: number;
  readonly residentBytes: number;
}

/** Resident memory of a process that has just started, every so often, while it answers like a canary. */
export async function growth(
  board: BoardProcess,
  {
    requestsPerSecond,
    everySeconds,
    times,
  }: { requestsPerSecond: number; everySeconds: number; times: number },
): Promise<Growth[]> {
  const rows: Growth[] = [];
  for (let time = 0; time <= times; time++) {
    rows.push({ seconds: time * everySeconds, residentBytes: (await board.usage()).residentBytes });
    if (time === times) break;
    for (let asked = 0; asked < everySeconds * requestsPerSecond; asked++)
      await Promise.all([ask(board.url, 'write'), sleep(1_000 / requestsPerSecond)]);
  }
  return rows;
}
