/**
 * Forward: one request to one of the backends, over as many tries as are allowed, and its answer back.
 *
 * Rule: bodies stream, small ones are kept for another try (retry.ts); every wait has an end; what cannot be answered is answered
 * 502, 503 or 504 as a problem document.
 */
import { request as httpRequest } from 'node:http';
import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Backend } from '../../gateway.js';
import { endToEnd } from '../headers.js';
import { mayRetry } from '../retry.js';

/** A backend, its connections, and what is on its way to it. */
export interface Route extends Backend {
  inFlight: number;
  readonly agent: Agent;
}

export interface ForwardOptions {
  /** Chooses a backend, none of those that turned out dead; undefined when there is no other. */
  readonly next: (dead: ReadonlySet<string>) => Route | undefined;
  readonly onAnswer: (backend: string, status: number) => void;
}

/** One request on its way, over all its tries. */
interface Exchange extends ForwardOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole body when it is small; undefined when it streams. */
  readonly body: Buffer | undefined;
  tries: number;
  /** Backends to which no connection could be made. */
  readonly dead: Set<string>;
}

/** One try. */
interface Attempt {
  readonly exchange: Exchange;
  readonly route: Route;
  readonly upstream: ClientRequest;
  connected: boolean;
  answered: boolean;
}

const CONNECT_TIMEOUT_MS = 1_000;
/** As long as the service lets a request take. */
const ANSWER_TIMEOUT_MS = 30_000;
/** The board's requests have a few hundred bytes. */
const KEPT_BODY_BYTES = 65_536;
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
    timeout: ANSWER_TIMEOUT_MS,
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
  exchange.onAnswer(route.name, status);
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

function refuse({ response, onAnswer }: Exchange, backend: string, status: number, detail: string): void {
  onAnswer(backend, status);
  const problem = JSON.stringify({ type: 'about:blank', title: 'Gateway', status, detail });
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '1' };
  response.writeHead(status, headers).end(problem);
}

function forwardedHeaders({ request, body }: Exchange): string[] {
  const headers = endToEnd(request.rawHeaders);
  headers.push('x-forwarded-for', request.socket.remoteAddress ?? 'unknown');
  if (body === undefined && request.headers['content-length'] === undefined) {
    headers.push('transfer-encoding', 'chunked');
  }
  return headers;
}

function sendBody({ request, body }: Exchange, upstream: ClientRequest): void {
  if (body === undefined) request.pipe(upstream);
  else upstream.end(body);
}

/** Reads a small body, so that it can be sent again; leaves a large one, or one of unknown length, to stream. */
async function keptBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0) return Buffer.alloc(0);
  if (length > KEPT_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
