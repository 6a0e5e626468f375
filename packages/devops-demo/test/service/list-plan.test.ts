import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boardSql } from '../../src/service/board-query.js';
import { encodeBoardCursor } from '../../src/service/cursor.js';
import { feedSql } from '../../src/service/feed.js';
import type { BoardQuery } from '../../src/service/input.js';
import { startBoard } from '../harness.js';
import type { TestBoard } from '../harness.js';

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  Plans?: Plan[];
}

const FLIGHTS = 50_000;
let board: TestBoard;

beforeAll(async () => {
  board = await startBoard();
  await board.pool.query(
    `insert into flights select 'F' || n, case when n % 50 = 0 then 'BOS' else 'ATL' end,
       case when n % 40 = 1 then 'SAV' else 'ORD' end, timestamptz '2001-02-01' + n * interval '1 minute', -300, 215,
       random(), case when n % 100 = 0 then 'base-rate' else 'model' end, case when n % 100 = 0 then null else 'm' end, null,
       case when n < 49000 then 3 end,
       case when n < 49000 then timestamptz '2001-02-01 02:00' + n * interval '1 minute' end, case when n < 49000 then -300 end
     from generate_series(1, ${FLIGHTS}) n`,
  );
  await board.pool.query(`insert into events (type, flight_id) select 'departed', flight_id from flights`);
  await board.pool.query('vacuum analyze flights, events');
});
afterAll(async () => board.close());

async function nodesOf({ text, values }: { text: string; values: unknown[] }): Promise<Plan[]> {
  const { rows } = await board.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
    `explain (analyze, format json) ${text}`,
    values,
  );
  const flat = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flat)];
  return rows.flatMap((row) => flat(row['QUERY PLAN'][0].Plan));
}

describe(`on a board of ${FLIGHTS} flights`, () => {
  const middle = encodeBoardCursor({ departedAtMs: Date.parse('2001-02-20T00:00:00Z'), flightId: 'F0' });

  it.each<[string, Partial<BoardQuery>, string]>([
    ['the first page', {}, 'flights_by_departure'],
    ['a page in the middle', { cursor: middle }, 'flights_by_departure'],
    ['a span of time', { to: '2001-02-10T00:00:00Z' }, 'flights_by_departure'],
    ['an origin', { origin: 'BOS' }, 'flights_by_origin'],
    ['an origin, in the middle', { origin: 'BOS', cursor: middle }, 'flights_by_origin'],
    ['a destination', { destination: 'SAV' }, 'flights_by_destination'],
    ['flights in the air', { status: 'departed' }, 'flights_in_the_air'],
    ['degraded risks', { degraded: 'true' }, 'flights_degraded'],
  ])('%s is read from its index, without a sort', async (_what, filters, index) => {
    const nodes = await nodesOf(boardSql({ limit: 50, ...filters }));
    const types = nodes.map((node) => node['Node Type']);
    expect(types).not.toContain('Seq Scan');
    expect(types).not.toContain('Sort');
    expect(nodes.map((node) => node['Index Name']).filter((name) => name !== undefined)).toEqual([index]);
    expect(Math.max(...nodes.map((node) => node['Actual Rows'])), 'no row more than the page needs').toBe(51);
  });

  it('the feed reads on from its bookmark by index', async () => {
    const nodes = await nodesOf(feedSql({ tx: '0', seq: '25000' }, 100));
    expect(nodes.map((node) => node['Index Name'])).toContain('events_pkey');
    expect(nodes.map((node) => node['Node Type'])).not.toContain('Sort');
    expect(Math.max(...nodes.map((node) => node['Actual Rows']))).toBe(100);
  });
});
