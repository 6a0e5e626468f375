/**
 * Viewers (shell): the browsers that watch, each over one stream of server-sent events.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 *
 * Rule: a new viewer gets the latest room at once, then every new one. A viewer whose connection still holds
 * earlier bytes is skipped: each event is the whole room, so it misses nothing but a second.
 */
import type { Response } from 'express';
import { problem } from 'service-chassis';

const RECONNECT_AFTER_MS = 2_000;
/** Proxies close a connection that is silent for long; a minute is common. */
const HEARTBEAT_MS = 15_000;
const MOST_VIEWERS = 50;

export interface Viewers {
  /** Keeps the response open. @throws 503 when there are too many viewers, or the server is stopping. */
  join(response: Response, room: string): void;
  /** Sends a room, as one line of JSON, to everyone who can take it. Returns how many were skipped. */
  show(room: string): number;
  count(): number;
  /** Ends every stream, so that a stopping server need not wait for them. */
  close(): void;
}

export function gatherViewers(heartbeatMs: number = HEARTBEAT_MS): Viewers {
  const viewers = new Set<Response>();
  let closed = false;

  function tellAll(message: string): number {
    let skipped = 0;
    for (const viewer of viewers) {
      if (viewer.writableNeedDrain) skipped += 1;
      else viewer.write(message);
    }
    return skipped;
  }

  const heartbeat = setInterval(() => tellAll(': still here\n\n'), heartbeatMs);
  return {
    join(response, room) {
      if (closed || viewers.size >= MOST_VIEWERS) {
        const why = closed ? 'The control room is stopping.' : `${MOST_VIEWERS} browsers watch already.`;
        throw problem(503, 'No stream', why, { headers: { 'retry-after': '5' } });
      }
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      response.write(`retry: ${RECONNECT_AFTER_MS}\n\n${eventOf(room)}`);
      viewers.add(response);
      response.once('close', () => viewers.delete(response));
    },
    show: (room) => tellAll(eventOf(room)),
    count: () => viewers.size,
    close() {
      closed = true;
      clearInterval(heartbeat);
      for (const viewer of viewers) viewer.end();
    },
  };
}

function eventOf(room: string): string {
  return `event: room\ndata: ${room}\n\n`;
}
