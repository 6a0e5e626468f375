/**
 * Input: what the board accepts, field by field, with the fix in each message.
 *
 * Rule: refuse at the door what cannot be true, so that everything behind it may be trusted.
 * When it misleads: a departure within bounds can still be wrong; only its contradiction with the outcome shows it.
 *
 * The bounds and where they come from: the records are of 2001. A departure outside 2000 to 2010 is a unit mistake
 * (seconds for milliseconds) or today's clock instead of the replay's. Delays outside -120 to 1200 minutes are the 50
 * rows of three million that the records themselves got wrong. The longest recorded flight has 4,962 miles; half way
 * round the Earth is 12,450.
 */
import { z } from 'zod';
import { decodeBoardCursor, decodeFeedCursor } from './cursor.js';

export const FLIGHT_ID = /^[A-Za-z0-9][\w.:-]{0,63}$/;
export const BOARD_PAGE = { default: 50, most: 200 };
export const FEED_PAGE = { default: 1_000, most: 5_000 };

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2011, 0, 1);
const DELAY_MINUTES = { least: -120, most: 1_200 };
const FARTHEST_MILES = 12_450;

const INSTANT_FIX = 'send an ISO 8601 instant with an offset, like 2001-02-01T08:15:00-05:00';
const instant = z.iso.datetime({ offset: true, error: INSTANT_FIX }).max(40, INSTANT_FIX);
const boardInstant = instant.refine(
  // What is no instant at all has its own message above.
  (text) => !(Date.parse(text) < EARLIEST || Date.parse(text) >= LATEST),
  'send an instant of the years 2000 to 2010; the recorded flights are of 2001',
);

const DISTANCE_FIX = `send miles as a number above 0, at most ${FARTHEST_MILES}`;
const DELAY_FIX = `send whole minutes from ${DELAY_MINUTES.least} (early) to ${DELAY_MINUTES.most}`;
const RISK_FIX = 'send a probability from 0 to 1';
const CURSOR_FIX = 'send "nextCursor" or "next" of the page before, unchanged';
const FLIGHT_ID_FIX = 'send 1 to 64 letters, digits, "-", "_", "." or ":", beginning with a letter or digit';

/** A departure; its airports must be in the list. */
export function departureInput(airports: ReadonlySet<string>) {
  return z
    .strictObject({
      flightId: z.string({ error: FLIGHT_ID_FIX }).regex(FLIGHT_ID, FLIGHT_ID_FIX),
      origin: airport(airports),
      destination: airport(airports),
      departedAt: boardInstant,
      distanceMiles: z
        .number({ error: DISTANCE_FIX })
        .positive(DISTANCE_FIX)
        .max(FARTHEST_MILES, DISTANCE_FIX),
    })
    .refine(({ origin, destination }) => origin !== destination, {
      path: ['destination'],
      error: 'send another airport than the origin',
    })
    .meta({ id: 'Departure' });
}

export const outcomeInput = z
  .strictObject({
    delayMinutes: z
      .int({ error: DELAY_FIX })
      .min(DELAY_MINUTES.least, DELAY_FIX)
      .max(DELAY_MINUTES.most, DELAY_FIX),
    landedAt: boardInstant,
  })
  .meta({ id: 'Outcome' });

/** The board's query parameters; they arrive as text. */
export function boardQuery(airports: ReadonlySet<string>) {
  return z
    .strictObject({
      origin: airport(airports).optional(),
      destination: airport(airports).optional(),
      status: z.enum(['departed', 'landed'], { error: 'send departed (in the air) or landed' }).optional(),
      from: queryInstant().optional(),
      to: queryInstant().optional(),
      minRisk: z.coerce.number({ error: RISK_FIX }).min(0, RISK_FIX).max(1, RISK_FIX).optional(),
      degraded: z.enum(['true', 'false'], { error: 'send true or false' }).optional(),
      limit: pageLimit(BOARD_PAGE),
      cursor: z
        .string(CURSOR_FIX)
        .refine((cursor) => decodeBoardCursor(cursor) !== undefined, CURSOR_FIX)
        .optional(),
    })
    .refine(({ from, to }) => from === undefined || to === undefined || Date.parse(from) <= Date.parse(to), {
      path: ['to'],
      error: 'send an instant that is not before "from"',
    });
}

export const feedQuery = z.strictObject({
  after: z
    .string(CURSOR_FIX)
    .refine((cursor) => cursor === '' || decodeFeedCursor(cursor) !== undefined, CURSOR_FIX)
    .optional(),
  limit: pageLimit(FEED_PAGE),
});

function airport(airports: ReadonlySet<string>) {
  const fix = 'send the IATA code of a US airport in capitals, like ATL';
  return z.string({ error: fix }).refine((code) => airports.has(code), fix);
}

function queryInstant() {
  return z.iso.datetime({ offset: true, error: `${INSTANT_FIX} (a "+" in an address is written %2B)` });
}

function pageLimit({ default: usual, most }: typeof BOARD_PAGE) {
  const fix = `send a whole number from 1 to ${most}`;
  return z.coerce.number({ error: fix }).int(fix).min(1, fix).max(most, fix).default(usual);
}

export type BoardQuery = z.infer<ReturnType<typeof boardQuery>>;
