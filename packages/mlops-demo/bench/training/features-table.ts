/**
 * Table `features`: what the inputs of the flights cost, as the days grow: one pass over the events in TypeScript (all 27 inputs, the code that
 * serves), and one family of them in SQL (DuckDB: mean delay of the arrivals into the origin in the last three hours).
 *
 * Rule: each line is a process of its own, so that its memory is its own. Reading and validation are not counted.
 * When it misleads: SQL answers one question of fourteen; all of them take as many passes.
 * Source of the query: a window over departures and landings together, RANGE by minutes, the same delay of a label as in features.ts.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FEATURE_COUNT } from 'mlops-demo';
import { countOf, openFlights, readAirports, streamFeatures, validate } from 'mlops-demo/training';
import { DuckDBInstance } from '@duckdb/node-api';

/** 0.3, 1, 3 million flights. */
const THROUGH = ['2001-01-18', '2001-03-02', '2001-06-30'];
const SELF = fileURLToPath(import.meta.url);

export function featuresTable(): Promise<void> {
  console.log('\nfeatures of all flights: seconds, flights/s, peak memory of the process');
  for (const way of ['events', 'sql'])
    for (const through of THROUGH) {
      const { stdout, stderr, status } = spawnSync(process.execPath, [SELF, way, through], {
        encoding: 'utf8',
      });
      process.stdout.write(status === 0 ? stdout : `${way} to ${through} failed: ${stderr.slice(-300)}\n`);
    }
  return Promise.resolve();
}

async function measure(way: string, through: string): Promise<void> {
  const source = await openFlights();
  const raw = await source.read({ from: '2001-01-01', through });
  source.close();
  const validated = validate(raw, readAirports(), {});
  if (validated.state === 'failed') throw new Error(validated.because);
  const { flights } = validated;
  const count = countOf(flights);
  const startedAt = performance.now();
  const rows = way === 'events' ? byEvents(flights) : await bySql(flights);
  const seconds = (performance.now() - startedAt) / 1000;
  const memory = Math.round(process.resourceUsage().maxRSS / 1024);
  const cells = [
    (way === 'events' ? 'events, 27 inputs' : 'SQL, 1 family').padEnd(20),
    `${rows.toLocaleString('en-US').padStart(10)} rows`,
    `${seconds.toFixed(1).padStart(7)} s`,
    `${Math.round(count / seconds)
      .toLocaleString('en-US')
      .padStart(10)}/s`,
    `${String(memory).padStart(6)} MB`,
  ];
  console.log(cells.join(' '));
}

type Flights = Extract<ReturnType<typeof validate>, { state: 'passed' }>['flights'];

function byEvents(flights: Flights): number {
  let written = 0;
  streamFeatures(flights, [
    {
      positions: Uint32Array.from({ length: countOf(flights) }, (_, position) => position),
      timetableFor: () => undefined,
      write: (rows) => (written += rows.length / FEATURE_COUNT),
    },
  ]);
  return written;
}

async function bySql(flights: Flights): Promise<number> {
  const database = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '4GB' });
  const connection = await database.connect();
  await connection.run(
    'CREATE TABLE flight (id INTEGER, origin USMALLINT, destination USMALLINT, departed INTEGER, known INTEGER, delay INTEGER)',
  );
  const appender = await connection.createAppender('flight');
  for (let id = 0; id < countOf(flights); id++) {
    const departed = flights.utcMinutes[id]!;
    const delay = flights.delayMinutes[id]!;
    appender.appendInteger(id);
    appender.appendUSmallInt(flights.origins[id]!);
    appender.appendUSmallInt(flights.destinations[id]!);
    appender.appendInteger(departed);
    appender.appendInteger(
      Math.round(departed + 30 + (flights.distanceMiles[id]! / 500) * 60 + Math.max(delay, 0)),
    );
    appender.appendInteger(delay);
    appender.endRow();
  }
  appender.closeSync();
  const reader = await connection.runAndReadAll(`
    SELECT count(*)::INTEGER, sum(mean) FROM (
      SELECT id, s / nullif(n, 0) AS mean FROM (
        SELECT id, sum(d) OVER w AS s, sum(one) OVER w AS n FROM (
          SELECT destination AS airport, known AS minute, least(greatest(delay, -30), 180) AS d, 1 AS one, NULL AS id FROM flight
          UNION ALL SELECT origin, departed, 0, 0, id FROM flight)
        WINDOW w AS (PARTITION BY airport ORDER BY minute RANGE BETWEEN 180 PRECEDING AND 1 PRECEDING))
      WHERE id IS NOT NULL)`);
  const [[rows] = []] = reader.getRows();
  connection.closeSync();
  return Number(rows);
}

const [way, through] = process.argv.slice(2);
if (process.argv[1] === SELF && way !== undefined && through !== undefined) await measure(way, through);
