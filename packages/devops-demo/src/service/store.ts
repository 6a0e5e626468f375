/**
 * Store: the board's flights in PostgreSQL, in plain SQL.
 *
 * Rule: a write is one statement, so it is one transaction: the flight and its event are committed together before the
 * answer, or not at all. Writes that lose a race change nothing and say so.
 */
import type pg from 'pg';
import { messageOf } from 'service-chassis/reason-of';
import { FLIGHT_COLUMNS, boardSql } from './board-query.js';
import type { Sql } from './board-query.js';
import type { FeedCursor } from './cursor.js';
import { DatabaseAway, isDatabaseAway } from './database-away.js';
import { feedPageOf, feedSql, tallySql } from './feed.js';
import type { FeedPage } from './feed.js';
import type { Departure, Flight, Outcome, Risk } from './flight.js';
import type { BoardQuery } from './input.js';
import { flightOf, instantColumns, pageOf } from './rows.js';
import type { EventRow, FlightRow } from './rows.js';
import type { Tally } from './tally.js';

/** Longer than any of these queries takes; a database that hangs must not hold requests forever. */
const ANSWER_TIMEOUT_MS = 5_000;

export interface BoardStore {
  find(flightId: string): Promise<Flight | undefined>;
  /** False when the id was taken meanwhile. */
  register(departure: Departure, risk: Risk): Promise<boolean>;
  /** False when an outcome was recorded meanwhile. */
  land(flightId: string, outcome: Outcome): Promise<boolean>;
  list(filters: BoardQuery): Promise<{ flights: Flight[]; nextCursor: string | null }>;
  feed(after: FeedCursor, limit: number): Promise<FeedPage>;
  tallySince(cursor: FeedCursor): Promise<{ tally: Tally; cursor: FeedCursor }>;
  lastDeparture(): Promise<Flight | undefined>;
  /** Names of the migrations that were applied, in order. */
  migrations(): Promise<string[]>;
  /** True when the database answers. */
  answers(): Promise<true>;
}

export function createStore(pool: pg.Pool, answerTimeoutMs = ANSWER_TIMEOUT_MS): BoardStore {
  async function run<Row extends pg.QueryResultRow>({ text, values }: Sql): Promise<Row[]> {
    try {
      const query = { text, values, query_timeout: answerTimeoutMs };
      return (await pool.query<Row>(query)).rows;
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      throw new DatabaseAway(messageOf(error), { cause: error });
    }
  }

  async function flight(sql: Sql): Promise<Flight | undefined> {
    const [row] = await run<FlightRow>(sql);
    return row === undefined ? undefined : flightOf(row);
  }

  return {
    find: (flightId) =>
      flight({ text: `select ${FLIGHT_COLUMNS} from flights where flight_id = $1`, values: [flightId] }),
    register: async (departure, risk) => (await run(registerSql(departure, risk))).length === 1,
    land: async (flightId, outcome) => (await run(landSql(flightId, outcome))).length === 1,
    list: async (filters) => pageOf(await run<FlightRow>(boardSql(filters)), filters.limit),
    feed: async (after, limit) => feedPageOf(await run<EventRow>(feedSql(after, limit)), after),
    async tallySince(cursor) {
      const [row] = await run<Tally & { tx: string | null; seq: string | null }>(tallySql(cursor));
      if (row === undefined) throw new Error('tallySince: expected one row, got none');
      const { tx, seq, ...tally } = row;
      return { tally, cursor: tx === null || seq === null ? cursor : { tx, seq } };
    },
    lastDeparture: () =>
      flight({
        text: `select ${FLIGHT_COLUMNS} from flights order by departed_at desc, flight_id desc limit 1`,
        values: [],
      }),
    async migrations() {
      const rows = await run<{ name: string }>({
        text: 'select name from migrations order by id',
        values: [],
      });
      return rows.map((row) => row.name);
    },
    async answers() {
      await run({ text: 'select 1', values: [] });
      return true;
    },
  };
}

function registerSql(
  { flightId, origin, destination, departedAt, distanceMiles }: Departure,
  risk: Risk,
): Sql {
  const because = risk.degraded ? risk.because : null;
  const text = `with fresh as (
      insert into flights (flight_id, origin, destination, departed_at, departed_offset, distance_miles,
        risk_probability, risk_source, risk_version, risk_because)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (flight_id) do nothing returning flight_id)
    insert into events (type, flight_id) select 'departed', flight_id from fresh returning flight_id`;
  const flight = [flightId, origin, destination, ...instantColumns(departedAt), distanceMiles];
  return { text, values: [...flight, risk.probability, risk.source, risk.modelVersion, because] };
}

function landSql(flightId: string, { delayMinutes, landedAt }: Outcome): Sql {
  const text = `with landed as (
      update flights set delay_minutes = $2, landed_at = $3, landed_offset = $4
      where flight_id = $1 and landed_at is null returning flight_id)
    insert into events (type, flight_id) select 'landed', flight_id from landed returning flight_id`;
  return { text, values: [flightId, delayMinutes, ...instantColumns(landedAt)] };
}
