/**
 * Cursors: opaque bookmarks that say where the next page begins.
 *
 * Rule: a cursor names the last row that was seen, not a page number. Rows that arrive meanwhile move no page
 * (keyset pagination), and page 1000 costs as much as page 1.
 * When it misleads: rows that arrive before the bookmark are not seen by a reader who has passed them. The board is
 * read newest first and may have that; the feed may not, which is why its bookmark is the commit order (feed.ts).
 * Source: M. Winand, "We need tool support for keyset pagination", https://use-the-index-luke.com/no-offset (2014).
 *
 *   decodeBoardCursor(encodeBoardCursor({ departedAtMs: 981033300000, flightId: 'A' })) // the same again
 *   decodeBoardCursor('nonsense')                                                       // undefined
 */

/** The last flight of a page. */
export interface BoardCursor {
  departedAtMs: number;
  flightId: string;
}

/** The last event that was read. Both are 64-bit numbers, so they stay text here. */
export interface FeedCursor {
  tx: string;
  seq: string;
}

/** Before the first event. */
export const FEED_START: FeedCursor = { tx: '0', seq: '0' };

export function encodeBoardCursor({ departedAtMs, flightId }: BoardCursor): string {
  return encode(`${departedAtMs} ${flightId}`);
}

export function decodeBoardCursor(cursor: string): BoardCursor | undefined {
  const [, departedAtMs, flightId] = /^(-?\d{1,15}) ([\w.:-]{1,64})$/.exec(decode(cursor)) ?? [];
  if (departedAtMs === undefined || flightId === undefined) return undefined;
  return { departedAtMs: Number(departedAtMs), flightId };
}

export function encodeFeedCursor({ tx, seq }: FeedCursor): string {
  return encode(`${tx}.${seq}`);
}

export function decodeFeedCursor(cursor: string): FeedCursor | undefined {
  // 18 digits: safely inside PostgreSQL's 64 bits, and more transactions than a board will see.
  const [, tx, seq] = /^(\d{1,18})\.(\d{1,18})$/.exec(decode(cursor)) ?? [];
  return tx === undefined || seq === undefined ? undefined : { tx, seq };
}

function encode(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64url');
}

function decode(cursor: string): string {
  return Buffer.from(cursor, 'base64url').toString('latin1');
}
