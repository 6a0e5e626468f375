/**
 * Board query: the filters of a list, as one SQL statement.
 *
 * in: BoardFilters → out: { text, values }
 *
 * Rule: newest first, by (departed_at, flight_id): the flight id makes the order total, so a page ends at one place.
 * The next page is "smaller than the last row", which an index answers without reading what came before.
 * When it misleads: `minRisk` has no index; a rare risk on a large board reads many rows to fill a page.
 *
 *   boardSql({ limit: 2, origin: 'ATL' }).text // select … where origin = $1 order by departed_at desc, flight_id desc limit $2
 */
import { decodeBoardCursor } from './cursor.js';
import type { BoardQuery } from './input.js';

export interface Sql {
  text: string;
  values: unknown[];
}

/** The columns of a flight, as `rows.ts` reads them. */
export const FLIGHT_COLUMNS = `flight_id, origin, destination, departed_at, departed_offset, distance_miles,
  risk_probability, risk_source, risk_version, risk_because, delay_minutes, landed_at, landed_offset`;

export function boardSql(filters: BoardQuery): Sql {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;

  if (filters.origin !== undefined) conditions.push(`origin = ${bind(filters.origin)}`);
  if (filters.destination !== undefined) conditions.push(`destination = ${bind(filters.destination)}`);
  if (filters.status === 'departed') conditions.push('landed_at is null');
  if (filters.status === 'landed') conditions.push('landed_at is not null');
  if (filters.from !== undefined) conditions.push(`departed_at >= ${bind(filters.from)}::timestamptz`);
  if (filters.to !== undefined) conditions.push(`departed_at < ${bind(filters.to)}::timestamptz`);
  if (filters.minRisk !== undefined) conditions.push(`risk_probability >= ${bind(filters.minRisk)}`);
  if (filters.degraded === 'true') conditions.push(`risk_source = 'base-rate'`);
  if (filters.degraded === 'false') conditions.push(`risk_source = 'model'`);
  const cursor = filters.cursor === undefined ? undefined : decodeBoardCursor(filters.cursor);
  if (cursor !== undefined) {
    const departedAt = bind(new Date(cursor.departedAtMs).toISOString());
    conditions.push(`(departed_at, flight_id) < (${departedAt}::timestamptz, ${bind(cursor.flightId)})`);
  }

  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  // One more than the page shows tells whether there is a next page.
  const limit = bind(filters.limit + 1);
  const text = `select ${FLIGHT_COLUMNS} from flights ${where}
    order by departed_at desc, flight_id desc limit ${limit}`;
  return { text, values };
}
