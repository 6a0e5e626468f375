/**
 * Forward: one request to one of the backends, over as many tries as are allowed, and its answer back.
 *
 * Rule: bodies stream, small ones are kept for another try (retry.ts); every wait has an end; what cannot be answered is answered
 * 502, 503 or 504 as a problem document.
 */
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { LONGEST_REQUEST_MS } from '../drain.js';
import { endToEnd } from '../headers.js';
import { mayRetry } from '../retry.js';
import { forwardedHeaders, keptBody, refuse, sendBody } from './exchange/server.js';
import type { Exchange, ForwardOptions, Route } from './exchange/server.js';

/** One try. */
interface Attempt {
  readonly exchange: Exchange;
  readonly route: Route;
  readonly upstream: ClientRequest;
  connected: boolean;
  answered: boolean;
}

const CONNECT_TIMEOUT_MS = 1_000;
const TIMED_OUT = 'no answer';
const NOBODY = 'none';

export function forward(request: IncomingMessage, response: ServerResponse, options: ForwardOptions): void {
  keptBody(request).then(
    (body) => attempt({ ...options, request, response, body, tries: 0, dead: new Set() }),
    () => response.destroy(),
  );
}

function attempt(exchange: Exchange): void {
  const { request, response } = exchange;
  const route = exchange.next(exchange.dead);
  if (route === undefined) {
    refuse(exchange, NOBODY, 503, 'No version of the service can be reached.');
    return;
  }
  exchange.tries += 1;
  route.inFlight += 1;
  const upstream = httpRequest(route.url, {
    agent: route.agent,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: forwardedHeaders(exchange),
    setHost: false,
    timeout: LONGEST_REQUEST_MS,
  });
  const trial = { exchange, route, upstream, connected: false, answered: false };
  const clientGone = () => upstream.destroy();
  const connecting = setTimeout(() => upstream.destroy(new Error('no connection')), CONNECT_TIMEOUT_MS);
  response.once('close', clientGone);
  upstream.once('socket', (socket) => {
    const stands = () => {
      trial.connected = true;
      clearTimeout(connecting);
      sendBody(exchange, upstream);
    };
    if (socket.connecting) socket.once('connect', stands);
    else stands();
  });
  upstream.once('timeout', () => upstream.destroy(new Error(TIMED_OUT)));
  upstream.once('response', (answer) => passBack(trial, answer));
  upstream.once('error', (error) => {
    response.off('close', clientGone);
    whenBroken(trial, error);
  });
  upstream.once('close', () => {
    clearTimeout(connecting);
    response.off('close', clientGone);
    route.inFlight -= 1;
  });
}

function passBack(trial: Attempt, answer: IncomingMessage): void {
  const { exchange, route } = trial;
  const status = answer.statusCode ?? 502;
  trial.answered = true;
  exchange.onAnswer(route.name, status, 'backend');
  exchange.response.writeHead(status, endToEnd(answer.rawHeaders));
  answer.pipe(exchange.response);
  answer.once('error', () => exchange.response.destroy());
}

function whenBroken({ exchange, route, upstream, connected, answered }: Attempt, error: Error): void {
  const { request, response, body, tries } = exchange;
  if (response.destroyed) return;
  if (answered) {
    // The client must see that the answer is not whole.
    response.destroy();
    return;
  }
  if (!connected) exchange.dead.add(route.name);
  if (error.message === TIMED_OUT) {
    refuse(exchange, route.name, 504, 'The service did not answer in time.');
    return;
  }
  const method = request.method ?? 'GET';
  const failed = { connected, reused: upstream.reusedSocket, method, bodyKept: body !== undefined, tries };
  if (mayRetry(failed)) attempt(exchange);
  else refuse(exchange, route.name, 502, 'The service closed the connection.');
}
