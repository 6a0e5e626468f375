/**
 * Table `rows`: an epoch's rows from disk, in training's own order (blocks of 1,024 shuffled, 128 of them at a time): from the feature file, from
 * Parquet through DuckDB (a row group of 2,048 rows can be skipped by its row numbers), and from Parquet in the order of the file.
 *
 * Rule: made-up rows of 27 inputs, each line a process of its own. Writing is timed with what makes the format: for Parquet DuckDB's appender and COPY.
 * When it misleads: all of it is in the page cache, as it is in a run that has just written it. In the order of the file nothing is shuffled.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBDataChunk, DuckDBInstance, FLOAT, INTEGER } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { FEATURE_COUNT } from 'mlops-demo';
import { seedRandom } from 'mlops-demo/serving';
import { featureFilesIn, shuffledBlocks } from 'mlops-demo/training';

const COUNTS = [12_426, 1_000_000];
const WAYS = { file: 'feature file', duckdb: 'DuckDB, shuffled', order: 'DuckDB, in order' };
type Way = keyof typeof WAYS;
const SELF = fileURLToPath(import.meta.url);
const BLOCK_ROWS = 1024;
/** DuckDB's own chunk, and the least that it makes a row group of. */
const CHUNK_ROWS = 2048;
const NAMES = Array.from({ length: FEATURE_COUNT }, (_, i) => `f${i}`);

export function rowsTable(): Promise<void> {
  console.log('\nrows of 27 inputs on disk: written and read, rows/s; peak memory of the process');
  for (const count of COUNTS)
    for (const way of Object.keys(WAYS)) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, way, String(count)], {
        encoding: 'utf8',
      });
      process.stdout.write(status === 0 ? stdout : `${way} failed: ${stderr.slice(-300)}\n`);
    }
  return Promise.resolve();
}

async function measure(way: Way, count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mlops-rows-'));
  const startedAt = performance.now();
  const read = way === 'file' ? writeFile(folder, count) : await writeParquet(folder, count, way);
  const writtenAt = performance.now();
  const rows = await read();
  const perSecond = (ms: number): string => `${Math.round((count * 1000) / ms).toLocaleString('en-US')}/s`;
  const cells = [
    WAYS[way].padEnd(18),
    count.toLocaleString('en-US').padStart(9),
    perSecond(writtenAt - startedAt).padStart(12),
    perSecond(performance.now() - writtenAt).padStart(13),
    `${Math.round(process.resourceUsage().maxRSS / 1024)} MB`.padStart(8),
  ];
  if (rows !== count) throw new Error(`expected ${count} rows, got ${rows}`);
  console.log(cells.join(' '));
  rmSync(folder, { recursive: true });
}

function writeFile(folder: string, count: number): () => Promise<number> {
  const days = new Uint16Array(count);
  const file = featureFilesIn(folder)('rows', {
    days,
    labels: new Uint8Array(count),
    positions: new Uint32Array(count),
  });
  for (const rows of madeUp(count)) file.append(rows);
  const table = file.close();
  return () => {
    let read = 0;
    for (const blocks of shuffledBlocks(count, seedRandom(2)))
      for (const block of blocks)
        read += table.read(block * BLOCK_ROWS, Math.min((block + 1) * BLOCK_ROWS, count)).labels.length;
    return Promise.resolve(read);
  };
}

async function writeParquet(folder: string, count: number, way: Way): Promise<() => Promise<number>> {
  const path = join(folder, 'rows.parquet');
  const connection = await connect(join(folder, 'rows.duckdb'));
  await connection.run(
    `CREATE TABLE rows (number INTEGER, ${NAMES.map((name) => `${name} FLOAT`).join(', ')})`,
  );
  const appender = await connection.createAppender('rows');
  const types = [INTEGER, ...NAMES.map(() => FLOAT)];
  let first = 0;
  for (const rows of madeUp(count)) {
    const chunk = DuckDBDataChunk.create(types, rows.length / FEATURE_COUNT);
    const column = (at: (row: number) => number): number[] =>
      Array.from({ length: rows.length / FEATURE_COUNT }, (_, row) => at(row));
    chunk.setColumns([
      column((row) => first + row),
      ...NAMES.map((_, i) => column((row) => rows[row * FEATURE_COUNT + i]!)),
    ]);
    appender.appendDataChunk(chunk);
    first += rows.length / FEATURE_COUNT;
  }
  appender.closeSync();
  await connection.run(
    `COPY (FROM rows ORDER BY number) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE ${CHUNK_ROWS})`,
  );
  connection.closeSync();
  const reader = await connect(':memory:');
  const all = `FROM read_parquet('${path}')`;
  if (way === 'order') return () => readRows(reader, all);
  return async () => {
    let read = 0;
    for (const blocks of shuffledBlocks(count, seedRandom(2))) {
      const ranges = [...blocks].map(
        (b) => `number BETWEEN ${b * BLOCK_ROWS} AND ${(b + 1) * BLOCK_ROWS - 1}`,
      );
      read += await readRows(reader, `${all} WHERE ${ranges.join(' OR ')}`);
    }
    return read;
  };
}

async function connect(place: string): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(place, { threads: '2', memory_limit: '256MB' })).connect();
}

/** Into rows as the network takes them. */
async function readRows(connection: DuckDBConnection, query: string): Promise<number> {
  const result = await connection.stream(query);
  const held = new Float32Array(CHUNK_ROWS * FEATURE_COUNT);
  let read = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    const { rowCount } = chunk;
    if (rowCount === 0) break;
    for (let column = 0; column < FEATURE_COUNT; column++) {
      const vector = chunk.getColumnVector(column + 1);
      for (let row = 0; row < rowCount; row++)
        held[row * FEATURE_COUNT + column] = vector.getItem(row) as number;
    }
    read += rowCount;
  }
  return read;
}

function* madeUp(count: number): Generator<Float32Array> {
  const random = seedRandom(1);
  for (let at = 0; at < count; at += CHUNK_ROWS)
    yield Float32Array.from({ length: Math.min(CHUNK_ROWS, count - at) * FEATURE_COUNT }, () => random());
}

const [way, count] = process.argv.slice(2);
if (process.argv[1] === SELF && way !== undefined && count !== undefined)
  await measure(way as Way, Number(count));
