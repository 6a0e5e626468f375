/**
 * Tally: how many flights, and how many of them were late, without counting them all each time.
 *
 * in: the events since the last count → out: Tally
 *
 * Rule: counts add up. The table is counted once, then only what the feed has new; two readers never count the same twice,
 * because the bookmark and the counts come from one statement.
 * When it misleads: while a transaction anywhere in the database holds the feed back, the tally lags with it.
 *
 *   addTallies({ flights: 2, landed: 1, late: 1, degraded: 0 }, { flights: 1, landed: 1, late: 0, degraded: 1 })
 *   // { flights: 3, landed: 2, late: 1, degraded: 1 }
 */
import { FEED_START } from './cursor.js';
import type { FeedCursor } from './cursor.js';

export interface Tally {
  flights: number;
  landed: number;
  late: number;
  degraded: number;
}

export const EMPTY_TALLY: Tally = { flights: 0, landed: 0, late: 0, degraded: 0 };

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    flights: a.flights + b.flights,
    landed: a.landed + b.landed,
    late: a.late + b.late,
    degraded: a.degraded + b.degraded,
  };
}

/** Counts what came after a bookmark, and says where it stopped. */
export type TallySince = (cursor: FeedCursor) => Promise<{ tally: Tally; cursor: FeedCursor }>;

export interface RunningTally {
  /** Counts up to now. */
  refresh(): Promise<Tally>;
  /** At most `maxAgeMs` old; older when the database is away. Never fails. */
  recent(maxAgeMs: number): Promise<Tally>;
}

/** Keeps a tally. Requests that ask at the same time share one count. */
export function keepTally(tallySince: TallySince, now: () => number): RunningTally {
  let total = EMPTY_TALLY;
  let cursor = FEED_START;
  let countedAt = -Infinity;
  let counting: Promise<Tally> | undefined;

  async function count(): Promise<Tally> {
    const since = await tallySince(cursor);
    total = addTallies(total, since.tally);
    cursor = since.cursor;
    countedAt = now();
    return total;
  }

  /** After the count that runs now, if any: that one may have begun before the caller's own write. */
  async function refresh(): Promise<Tally> {
    const before = counting?.catch(() => undefined) ?? Promise.resolve();
    const mine = before.then(count).finally(() => {
      if (counting === mine) counting = undefined;
    });
    counting = mine;
    return mine;
  }

  return {
    refresh,
    async recent(maxAgeMs) {
      if (now() - countedAt <= maxAgeMs) return total;
      return (counting ?? refresh()).catch(() => total);
    },
  };
}
