/**
 * Feed: one page of the board's events, read over HTTP and checked.
 *
 * in:  a cursor (none for the beginning)
 * out: a page of FlightEvent[] with the cursor after it, or why there is none
 *
 * Rule: an answer that is no page counts like a board that is away: it is asked again, nothing is skipped. A single event that
 * makes no sense inside a good page is left out and counted; waiting for it to get better would stop the feed for ever.
 *
 * When it misleads: a refused cursor (4xx) means the board has another database now, so reading starts over.
 */
import { outgoingHeaders, withNewTrace } from 'service-chassis';
import { z } from 'zod';
import { reasonOf } from 'service-chassis/reason-of';
import type { FlightEvent } from '../flights.js';
import { isOfTheModelsTime, OTHER_TIME } from './predict-request.js';

/** Small enough that learning a page blocks the server for about 10 ms only. */
const PAGE_EVENTS = 1_000;
const TIMEOUT_MS = 5_000;

export type FeedAnswer =
  | { state: 'page'; events: FlightEvent[]; nonsense: string[]; next: string; more: boolean }
  | { state: 'cursor refused'; because: string }
  | { state: 'away'; because: string };

/** What `fetch` does. */
export type Get = (url: URL, init: RequestInit) => Promise<Response>;

/** Asks for the events after a cursor. Never throws. */
export type ReadFeed = (after: string | undefined, signal: AbortSignal) => Promise<FeedAnswer>;

const instant = z.iso.datetime({ offset: true }).refine(isOfTheModelsTime, { error: OTHER_TIME });
const departed = z.object({
  type: z.literal('departed'),
  flightId: z.string().min(1),
  origin: z.string().min(1),
  destination: z.string().min(1),
  departedAt: instant,
  distanceMiles: z.number().positive(),
});
const landed = departed.extend({
  type: z.literal('landed'),
  landedAt: instant,
  delayMinutes: z.number(),
});
const flightEvent = z.discriminatedUnion('type', [departed, landed]);
const feedPage = z.object({ events: z.array(z.unknown()), next: z.string() });

/** A reader of the board's feed. `get` is `fetch`. */
export function openFeed(boardUrl: string, get: Get): ReadFeed {
  return async (after, signal) => {
    const page = new URL('/v1/feed', boardUrl);
    page.searchParams.set('limit', String(PAGE_EVENTS));
    if (after !== undefined) page.searchParams.set('after', after);
    const patience = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      return await withNewTrace(async () => {
        const init = { headers: outgoingHeaders(), redirect: 'error' as const, signal: patience };
        const response = await get(page, init);
        if (response.ok) return pageOf(await response.json(), after);
        await response.body?.cancel();
        return refusalOf(response.status, after);
      });
    } catch (error) {
      return { state: 'away', because: reasonOf(error) };
    }
  };
}

function refusalOf(status: number, after: string | undefined): FeedAnswer {
  const because = `GET /v1/feed answered ${status}`;
  const refused = after !== undefined && [400, 404, 410, 422].includes(status);
  return { state: refused ? 'cursor refused' : 'away', because };
}

function pageOf(body: unknown, after: string | undefined): FeedAnswer {
  const page = feedPage.safeParse(body);
  if (!page.success)
    return { state: 'away', because: 'GET /v1/feed answered something that is no page of events' };
  const events: FlightEvent[] = [];
  const nonsense: string[] = [];
  for (const candidate of page.data.events) {
    const event = flightEvent.safeParse(candidate);
    if (event.success) events.push(event.data);
    else
      nonsense.push(
        event.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      );
  }
  const { next } = page.data;
  const more = page.data.events.length >= PAGE_EVENTS;
  if (more && next === after)
    return { state: 'away', because: 'the feed repeats its page: its cursor does not move' };
  return { state: 'page', events, nonsense, next, more };
}
