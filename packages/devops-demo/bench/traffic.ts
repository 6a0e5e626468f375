/**
 * Traffic: clients that register flights, land them and read the board, without a pause or at a rate, and count what went wrong.
 *
 * Rule: each client keeps its connection and has one request on its way. A failure is an answer of 5xx, a broken connection, or silence.
 * Flights depart from 6 to 23 o'clock and fly at 420 miles an hour, so some land after midnight, as real ones do.
 */
import { setMaxListeners } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TrafficOptions {
  readonly url: string;
  readonly clients: number;
  /** From 0 to 1, seeded, so that a run can be repeated. */
  readonly random: () => number;
  /** All clients together; without it they do not pause. */
  readonly perSecond?: number;
  readonly readsPerFlight?: number;
  /** Makes the flights of this run differ from those of others. */
  readonly prefix: string;
}

export interface Traffic {
  requests: number;
  readonly failures: string[];
  stop(): Promise<void>;
}

const ANSWER_TIMEOUT_MS = 15_000;
const READS_PER_FLIGHT = 0.2;
const MILES_AN_HOUR = 420;
const MINUTES_ON_GROUND = 25;
const FIRST_MINUTE = 6 * 60;
const LAST_MINUTE = 23 * 60;
/** A few of the 2001 records' routes. */
const ROUTES: [origin: string, destination: string, miles: number][] = [
  ['ATL', 'SAV', 215],
  ['LAX', 'LAS', 236],
  ['DCA', 'LGA', 214],
  ['ORD', 'MSP', 334],
  ['DFW', 'MCI', 460],
  ['ATL', 'ORD', 606],
  ['BOS', 'ORD', 867],
  ['DEN', 'ORD', 888],
  ['JFK', 'MIA', 1_089],
  ['DFW', 'LAX', 1_235],
  ['ORD', 'LAX', 1_745],
  ['JFK', 'LAX', 2_475],
];

export function startTraffic(options: TrafficOptions): Traffic {
  const { url, clients, random, perSecond, prefix, readsPerFlight = READS_PER_FLIGHT } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const over = new AbortController();
  setMaxListeners(clients, over.signal);
  const pauseMs = perSecond === undefined ? 0 : (1_000 * clients) / perSecond;

  async function ask(method: string, path: string, body?: object): Promise<void> {
    const startedAt = performance.now();
    const status = await send({ url, agent, method, path, ...(body === undefined ? {} : { body }) });
    traffic.requests += 1;
    if (typeof status === 'string' || status >= 500) traffic.failures.push(`${method} ${path}: ${status}`);
    const rest = pauseMs - (performance.now() - startedAt);
    if (rest > 0) await sleep(rest, undefined, { signal: over.signal }).catch(() => undefined);
  }

  async function run(client: number): Promise<void> {
    for (let n = 0; !over.signal.aborted; n++) {
      const flight = flightOf(`${prefix}-${client}-${n}`, random);
      await ask('POST', '/v1/flights', flight.departure);
      const reads = Math.floor(readsPerFlight + random());
      for (let read = 0; read < reads; read++) {
        await ask('GET', `/v1/flights?origin=${flight.departure.origin}&limit=20`);
      }
      await ask('PUT', `/v1/flights/${flight.departure.flightId}/outcome`, flight.outcome);
    }
  }

  const traffic: Traffic = {
    requests: 0,
    failures: [],
    async stop() {
      over.abort();
      await ended;
      agent.destroy();
    },
  };
  const ended = Promise.all(Array.from({ length: clients }, async (_, client) => run(client)));
  return traffic;
}

function flightOf(flightId: string, random: () => number) {
  const [origin, destination, distanceMiles] = ROUTES[Math.floor(random() * ROUTES.length)] ?? [
    'ATL',
    'SAV',
    215,
  ];
  const minute = FIRST_MINUTE + Math.floor(random() * (LAST_MINUTE - FIRST_MINUTE));
  const airborne = MINUTES_ON_GROUND + Math.round((60 * distanceMiles) / MILES_AN_HOUR);
  const instant = (at: number) => `${new Date(Date.UTC(2001, 1, 1, 0, at)).toISOString().slice(0, 19)}-05:00`;
  return {
    departure: { flightId, origin, destination, departedAt: instant(minute), distanceMiles },
    outcome: { delayMinutes: Math.floor(random() * 40) - 10, landedAt: instant(minute + airborne) },
  };
}

interface Sent {
  url: string;
  agent: Agent;
  method: string;
  path: string;
  body?: object;
}

async function send({ url, agent, method, path, body }: Sent): Promise<number | string> {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
  return new Promise((resolve) => {
    const request = httpRequest(
      `${url}${path}`,
      { agent, method, headers, timeout: ANSWER_TIMEOUT_MS },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', (error) => resolve(error.message));
      },
    );
    request.once('timeout', () => request.destroy(new Error('no answer')));
    request.once('error', (error) => resolve(error.message));
    request.end(text);
  });
}
