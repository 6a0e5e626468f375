/**
 * `npm run bench -w devops-demo`: what the board does, and what observing it costs.
 *
 * Starts a PostgreSQL of its own and the board several times, loads each for a few seconds at a time, and prints tables. The
 * board, the database and the load share this machine's cores with whatever else runs: compare within a run only.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { readOptions } from './read-options.js';
import { startProcess, together } from './service/board-process.js';
import type { BoardProcess } from './service/board-process.js';
import { exposition } from './service/exposition.js';
import { haproxyIsHere, startHaproxy } from './service/haproxy.js';
import { KNOWN_FLIGHT, ask } from './service/load.js';
import { boardSizes, growth } from './service/memory.js';
import { middlewareMicroseconds } from './service/middleware.js';
import { startStandIns } from './service/stand-ins.js';
import { throughput } from './service/throughput.js';
import type { Estimate, Row } from './service/throughput.js';
import { VARIANTS } from './service/variants.js';

readOptions({});

const BOARD_SIZES = [1_000, 10_000, 100_000];
const FRESH = { requestsPerSecond: 20, everySeconds: 10, times: 9 };
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const percent = (share: number) => (share * 100).toFixed(1);
const costOf = ({ median, lower, upper }: Estimate) =>
  `${percent(median)} % (${percent(lower)} to ${percent(upper)})`.padStart(25);

function printThroughput(title: string, rows: readonly Row[]): void {
  console.log(
    `\n${title.padEnd(26)}requests/s  p99 ms  CPU µs a request     cost in throughput           cost in CPU time`,
  );
  for (const row of rows) {
    const cells = [
      row.requestsPerSecond.toFixed(0).padStart(10),
      row.p99Milliseconds.toFixed(0).padStart(8),
      row.cpuMicroseconds.toFixed(0).padStart(18),
      costOf(row.costInThroughput),
      costOf(row.costInCpu),
    ];
    console.log(row.name.padEnd(26) + cells.join(''));
  }
  console.log("… is the board with metrics + logs; its CPU time and the gateway's together.");
}

async function measure(databaseUrl: string, standInsUrl: string, pool: pg.Pool): Promise<void> {
  const boards = new Map<string, BoardProcess>();
  for (const variant of VARIANTS)
    boards.set(variant, await startProcess('board', [variant, databaseUrl, standInsUrl]));
  const observed = boards.get('metrics + logs');
  if (observed === undefined) throw new Error('bench: expected the variant "metrics + logs", got none');
  // Each with a board of its own: one that is asked for three rows would be warmer than its neighbours.
  const startObserved = async () => startProcess('board', ['metrics + logs', databaseUrl, standInsUrl]);
  const behindGateway = await startObserved();
  boards.set(
    '… through the gateway',
    together(await startProcess('gateway', [behindGateway.url]), behindGateway),
  );
  if (haproxyIsHere) {
    const behindHaproxy = await startObserved();
    boards.set('… through HAProxy', together(await startHaproxy(behindHaproxy.url), behindHaproxy));
  } else console.log('HAProxy is not installed: its rows are left out');
  await ask(observed.url, 'write', KNOWN_FLIGHT);
  printThroughput('reading a flight', await throughput(boards, 'read'));
  printThroughput('registering a flight', await throughput(boards, 'write'));

  const { series, bytes, milliseconds } = await exposition(observed.url);
  console.log(
    `\n/metrics: ${series} series, ${(bytes / 1e3).toFixed(0)} kB, median ${milliseconds.toFixed(1)} ms`,
  );

  console.log('\nflights on the board   resident    heap    lists/s   p99 ms');
  for (const size of await boardSizes(observed, pool, BOARD_SIZES)) {
    const { flights, residentBytes, heapBytes, requestsPerSecond, p99Milliseconds } = size;
    console.log(
      `${String(flights).padStart(20)}${megabytes(residentBytes).padStart(11)}${megabytes(heapBytes).padStart(8)}` +
        `${requestsPerSecond.toFixed(0).padStart(11)}${p99Milliseconds.toFixed(0).padStart(9)}`,
    );
  }
  for (const board of boards.values()) board.end();

  const fresh = await startObserved();
  console.log(`\na fresh process at ${FRESH.requestsPerSecond} requests/s: seconds, resident memory`);
  for (const { seconds, residentBytes } of await growth(fresh, FRESH))
    console.log(`${String(seconds).padStart(6)}${megabytes(residentBytes).padStart(10)}`);
  fresh.end();
}

const folder = mkdtempSync(join(tmpdir(), 'triops-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data') });
const standIns = await startStandIns();
const pool = new pg.Pool({ connectionString: postgres.url, max: 1, options: '-c search_path=board' });
try {
  console.log(`${availableParallelism()} cores, shared by board, database, load and whatever else runs here`);
  for (const [name, microseconds] of Object.entries(middlewareMicroseconds()))
    console.log(`the middleware alone, ${name}: ${microseconds.toFixed(1)} µs of CPU time a request`);
  await measure(postgres.url, standIns.url, pool);
} finally {
  await pool.end();
  standIns.close();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
}
