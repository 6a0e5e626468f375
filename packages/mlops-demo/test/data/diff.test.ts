import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareTables } from '../../src/data/diff/compare.js';
import type { ColumnChange, DataDiff } from '../../src/data/diff/compare.js';
import { diffLines } from '../../src/data/diff/lines.js';
import { RECORDED } from './batches.js';

let connection: DuckDBConnection;
const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows();

beforeAll(async () => {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  connection = await database.connect();
  const flight = `FROM '${RECORDED}' WHERE (origin = 'SDF' OR destination = 'SDF') AND`;
  await ask(`CREATE TABLE january AS SELECT * ${flight} date < DATE '2001-02-01'`);
  await ask(
    `CREATE TABLE april AS SELECT * ${flight} date >= DATE '2001-04-01' AND date < DATE '2001-05-01'`,
  );
});
afterAll(() => connection.closeSync());

async function compared(after: string): Promise<{ diff: DataDiff; column: (name: string) => ColumnChange }> {
  await ask(`CREATE OR REPLACE TABLE after AS ${after}`);
  const diff = await compareTables(ask, 'january', 'after');
  const column = (name: string): ColumnChange => {
    const found = diff.columns.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no column ${name}`);
    return found;
  };
  return { diff, column };
}

describe('a diff', () => {
  test('of a version with itself is nothing', async () => {
    const { diff } = await compared('SELECT * FROM january');
    expect(diff.schema).toEqual({ added: [], removed: [], retyped: [] });
    expect(diff.rows).toEqual({ before: 3749, after: 3749, onlyBefore: 0, onlyAfter: 0 });
    expect(diff.columns.map(({ psi }) => psi)).toEqual([0, 0, 0, 0, 0]);
  });

  test('of a correction counts the rows that were changed, not more', async () => {
    const { diff } = await compared(
      'SELECT * REPLACE (CASE WHEN delay = 7 THEN 8 ELSE delay END AS delay) FROM january',
    );
    const [row] = await ask('SELECT count(*)::INT FROM january WHERE delay = 7');
    expect([diff.rows.onlyBefore, diff.rows.onlyAfter]).toEqual([row?.[0], row?.[0]]);
  });

  test('names the values that appeared and vanished, with their rows', async () => {
    const { column } = await compared('SELECT * FROM april');
    const gone = await ask(
      `SELECT origin, count(*)::INT FROM january WHERE origin NOT IN (SELECT origin FROM april) GROUP BY 1 ORDER BY 2 DESC, 1`,
    );
    const come = await ask(
      `SELECT origin, count(*)::INT FROM april WHERE origin NOT IN (SELECT origin FROM january) GROUP BY 1 ORDER BY 2 DESC, 1`,
    );
    expect(column('origin').vanished?.map(({ value, rows }) => [value, rows])).toEqual(gone);
    expect(column('origin').appeared?.map(({ value, rows }) => [value, rows])).toEqual(come);
    expect(come.length + gone.length).toBeGreaterThan(0);
  });

  test('sees kilometres for miles as a distribution that moves, and leaves the other columns alone', async () => {
    const { column } = await compared(
      'SELECT * REPLACE (round(distance * 1.609344)::BIGINT AS distance) FROM january',
    );
    expect(column('distance').psi).toBeGreaterThan(0.25);
    expect(column('delay').psi).toBe(0);
  });

  test('sees hours of the day, and missing values as a bin of their own', async () => {
    const { column } = await compared(
      `SELECT * REPLACE (date + INTERVAL 1 HOUR AS date, CASE WHEN delay > 0 THEN NULL ELSE delay END AS delay) FROM january`,
    );
    expect(column('date').psi).toBeGreaterThan(0.1);
    expect(column('delay').psi).toBeGreaterThan(0.25);
    expect(column('delay').after.nulls).toBeGreaterThan(1000);
  });

  test('tells a schema that changed', async () => {
    const { diff } = await compared(
      'SELECT * EXCLUDE (distance, delay), delay::INTEGER AS delay, 1 AS tail FROM january',
    );
    expect(diff.schema).toEqual({
      added: ['tail'],
      removed: ['distance'],
      retyped: ['delay from BIGINT to INTEGER'],
    });
    expect(diff.rows).toMatchObject({ onlyBefore: 3749, onlyAfter: 3749 });
  });

  test('is words and numbers', async () => {
    const { diff } = await compared('SELECT * FROM april');
    const lines = diffLines('january', 'april', diff);
    expect(lines[0]).toBe('january → april');
    expect(lines).toContain('schema: the same');
    expect(lines).toContain('rows: 3,749 → 3,473 (−276, −7.4 %)');
    expect(lines.find((line) => line.startsWith('delay: '))).toMatch(
      /^delay: mean 3\.3 → 1 \(−2\.4\), median -2 → -3 \(−1\), .*; the distribution stays \(PSI 0\.0\d+\)$/,
    );
  });
});
