/**
 * Routes: HTTP on one side, the board's rules on the other. Each handler checks its input, asks, and answers.
 */
import { problem, validate } from 'service-chassis';
import type { Faults, PipelineReport, ServiceOptions } from 'service-chassis';
import type { DeliveryRecords } from '../delivery/records/store.js';
import { FEED_START, decodeFeedCursor } from './cursor.js';
import { DatabaseAway } from './database-away.js';
import type { Flight } from './flight.js';
import { FLIGHT_ID, boardQuery, departureInput, feedQuery, outcomeInput } from './input.js';
import type { Registration, Settled } from './registration.js';
import type { BoardStore } from './store.js';
import type { RunningTally } from './tally.js';

export interface BoardParts {
  airports: ReadonlySet<string>;
  registration: Registration;
  store: BoardStore;
  tally: RunningTally;
  delivery: () => Promise<PipelineReport>;
  records: Pick<DeliveryRecords, 'dora' | 'slo'>;
  /** Makes requests suffer from the active faults, when there are any. */
  fault: Faults['middleware'];
}

const RETRY_AFTER_SECONDS = 2;

type Router = Parameters<ServiceOptions['routes']>[0];

export function boardRoutes(parts: BoardParts): (router: Router) => void {
  const { store, tally, registration, fault } = parts;
  const departures = departureInput(parts.airports);
  const filters = boardQuery(parts.airports);

  return (router) => {
    router.post('/v1/flights', fault, async (request, response) => {
      const departure = validate(departures, request.body);
      const { status, flight } = answerOf(await reached(registration.depart(departure)), departure.flightId);
      response.status(status).location(`/v1/flights/${flight.flightId}`).json(flight);
    });
    router.put('/v1/flights/:flightId/outcome', fault, async (request, response) => {
      const flightId = knownForm(request.params.flightId);
      const outcome = validate(outcomeInput, request.body);
      const { status, flight } = answerOf(await reached(registration.land(flightId, outcome)), flightId);
      response.status(status).json(flight);
    });
    router.get('/v1/flights', fault, async (request, response) => {
      response.json(await reached(store.list(validate(filters, request.query, 'query'))));
    });
    router.get('/v1/flights/:flightId', fault, async (request, response) => {
      const flightId = knownForm(request.params.flightId);
      const flight = await reached(store.find(flightId));
      if (flight === undefined) throw unknownFlight(flightId);
      response.json(flight);
    });
    router.get('/v1/feed', async (request, response) => {
      const { after = '', limit } = validate(feedQuery, request.query, 'query');
      response.json(await reached(store.feed(decodeFeedCursor(after) ?? FEED_START, limit)));
    });
    router.get('/v1/stats', async (_request, response) => {
      const { flights, landed, degraded } = await reached(tally.refresh());
      const last = await reached(store.lastDeparture());
      response.json({ flights, landed, degraded, lastDepartedAt: last?.departedAt ?? null });
    });
    router.get('/v1/delivery', async (_request, response) => {
      response.json(await parts.delivery());
    });
    router.get('/v1/delivery/dora', async (_request, response) => {
      response.json(await parts.records.dora());
    });
    router.get('/v1/delivery/slo', async (_request, response) => {
      response.json(await parts.records.slo());
    });
  };
}

/** What a settled write means in HTTP. */
function answerOf(settled: Settled, flightId: string): { status: 200 | 201; flight: Flight } {
  if (settled.kind === 'written') return { status: 201, flight: settled.flight };
  if (settled.kind === 'again') return { status: 200, flight: settled.flight };
  if (settled.kind === 'unknown') throw unknownFlight(flightId);
  const [status, title] =
    settled.kind === 'conflict' ? ([409, 'Conflict'] as const) : ([422, 'Impossible outcome'] as const);
  throw problem(status, title, settled.because, { errors: settled.errors });
}

/** No flight can have an id of another form, so it is unknown without asking the database. */
function knownForm(flightId: unknown): string {
  if (typeof flightId !== 'string' || !FLIGHT_ID.test(flightId)) throw unknownFlight(String(flightId));
  return flightId;
}

function unknownFlight(flightId: string) {
  return problem(404, 'Unknown flight', `No flight has the id "${flightId.slice(0, 64)}".`, {
    errors: [{ field: 'flightId', fix: 'register the departure first: POST /v1/flights' }],
  });
}

/** A database that is away is told to the client as such, with the time after which to ask again. */
async function reached<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error;
    throw problem(503, 'Board unavailable', 'The database does not answer. Nothing is lost: ask again.', {
      headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
    });
  }
}
