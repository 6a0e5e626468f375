/**
 * Feed: everything that happened, in an order that no reader can fall behind of.
 *
 * in: a bookmark (tx, seq) → out: the events after it, and the next bookmark
 *
 * Rule: each event carries the number of the transaction that wrote it. The feed shows only events of transactions older
 * than every transaction still running (`tx < pg_snapshot_xmin`), ordered by (tx, seq). Nothing can be committed later in front
 * of what was shown, so a reader who remembers the last bookmark misses nothing.
 * When it misleads: a transaction that stays open anywhere on the database server holds the feed back for everybody; a database
 * restored from a dump counts transactions anew, and readers must begin again.
 * Source: PostgreSQL 18 manual, 9.28 "Transaction ID and Snapshot Information"; the plain `seq > last` loses late commits.
 */
import { FLIGHT_COLUMNS } from './board-query.js';
import { encodeFeedCursor } from './cursor.js';
import type { FeedCursor } from './cursor.js';
import type { Sql } from './board-query.js';
import type { BoardEvent } from './flight.js';
import { LATE_MINUTES } from './flight.js';
import { eventOf } from './rows.js';
import type { EventRow } from './rows.js';

export interface FeedPage {
  events: BoardEvent[];
  /** Where to read on; the same bookmark again when nothing is new. */
  next: string;
}

const COMPLETE_AND_NEW = `(e.tx, e.seq) > ($1::xid8, $2::bigint) and e.tx < pg_snapshot_xmin(pg_current_snapshot())`;

export function feedSql(after: FeedCursor, limit: number): Sql {
  const columns = FLIGHT_COLUMNS.replace('flight_id', 'f.flight_id');
  const text = `select e.type, e.tx::text as tx, e.seq::text as seq, ${columns}
    from events e join flights f on f.flight_id = e.flight_id
    where ${COMPLETE_AND_NEW} order by e.tx, e.seq limit $3`;
  return { text, values: [after.tx, after.seq, limit] };
}

/** The events after a bookmark, counted; one statement, so that counts and bookmark belong together. */
export function tallySql(after: FeedCursor): Sql {
  const text = `with news as (
      select e.tx, e.seq, e.type, f.delay_minutes, f.risk_source
      from events e join flights f on f.flight_id = e.flight_id where ${COMPLETE_AND_NEW})
    select count(*) filter (where type = 'departed')::int as flights,
      count(*) filter (where type = 'landed')::int as landed,
      count(*) filter (where type = 'landed' and delay_minutes >= ${LATE_MINUTES})::int as late,
      count(*) filter (where type = 'departed' and risk_source = 'base-rate')::int as degraded,
      (select tx::text from news order by tx desc, seq desc limit 1) as tx,
      (select seq::text from news order by tx desc, seq desc limit 1) as seq
    from news`;
  return { text, values: [after.tx, after.seq] };
}

export function feedPageOf(rows: EventRow[], after: FeedCursor): FeedPage {
  return { events: rows.map(eventOf), next: encodeFeedCursor(rows.at(-1) ?? after) };
}
