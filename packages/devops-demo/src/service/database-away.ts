/**
 * Database away: tells "the database cannot answer now" from "this query is wrong".
 *
 * in: an error from the database driver → out: true when trying again later may help
 *
 * Rule: an error with an SQLSTATE is the server's own word: class 08 (connection), 53 (out of connections, disk, memory), 57
 * (stopped by its operator or by a time limit), 58 (system error) and 25006 (read-only, as a standby is) pass. An error
 * without one came from the connection, which broke or never stood. A TypeError is our own mistake.
 * When it misleads: a connection that breaks during a write leaves it open whether it was committed. Asking again is safe,
 * because writes are idempotent.
 * Source: PostgreSQL 18 manual, appendix A "Error Codes".
 *
 *   isDatabaseAway(Object.assign(new Error(''), { code: 'ECONNREFUSED' })) // true
 *   isDatabaseAway(Object.assign(new Error(''), { code: '23505' }))        // false: unique violation
 */
const SQLSTATE = /^[0-9A-Z]{5}$/;
const PASSING = /^(?:08|53|57|58)|^25006$/;

/** The store could not reach the database. Nothing is known to be written. */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
}

export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return false;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && SQLSTATE.test(code) ? PASSING.test(code) : true;
}
