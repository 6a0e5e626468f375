/**
 * The embedded gateway: a small reverse proxy with weights.
 *
 * Rule: connections to the backends are kept and used again; bodies stream, small ones are kept for another try (retry.ts);
 * every wait has an end; what cannot be answered is answered 502, 503 or 504 as a problem document.
 * When it misleads: it is one process on one core. For more, HAProxy has the same interface (haproxy.ts).
 */
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkBackends } from '../gateway.js';
import type { Backend, Gateway } from '../gateway.js';
import { nextBackend } from './balance.js';
import { endToEnd } from './headers.js';
import { mayRetry } from './retry.js';

export interface GatewayServer extends Gateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Told of each answer, and who gave it; the status is the gateway's own when nobody did. */
  readonly onAnswer?: (backend: string, status: number) => void;
}

interface Route extends Backend {
  inFlight: number;
  readonly agent: Agent;
}

const CONNECT_TIMEOUT_MS = 1_000;
/** As long as the service lets a request take. */
const ANSWER_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
/** The clients' side: longer than they keep an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** The backends' side: shorter than the service's 65 s, so that the gateway closes first. */
const IDLE_UPSTREAM_MS = 15_000;
/** The board's requests have a few hundred bytes. */
const KEPT_BODY_BYTES = 65_536;
const DRAIN_MS = 10_000;
const DRAIN_POLL_MS = 10;
const NOBODY = 'none';

export async function startGateway({ host, port, onAnswer }: GatewayOptions): Promise<GatewayServer> {
  let routes: Route[] = [];
  const owed = new Map<string, number>();
  let draining = false;

  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: ANSWER_TIMEOUT_MS,
    },
    (request, response) => {
      if (draining) response.setHeader('connection', 'close');
      keptBody(request).then(
        (body) => send({ request, response, body, tries: 0, dead: new Set() }),
        () => response.destroy(),
      );
    },
  );

  function send(exchange: Exchange): void {
    const { request, response } = exchange;
    const route = nextBackend(
      routes.filter(({ name }) => !exchange.dead.has(name)),
      owed,
    );
    if (route === undefined) {
      finish(exchange, NOBODY, 503, 'No version of the service can be reached.');
      return;
    }
    exchange.tries += 1;
    route.inFlight += 1;
    let connected = false;
    let answered = false;
    const upstream = httpRequest(route.url, {
      agent: route.agent,
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers: forwarded(exchange),
      setHost: false,
      timeout: ANSWER_TIMEOUT_MS,
    });
    const connecting = setTimeout(() => upstream.destroy(new Error('no connection')), CONNECT_TIMEOUT_MS);
    const onGone = () => upstream.destroy();
    response.once('close', onGone);
    upstream.once('socket', (socket) => {
      const stands = () => {
        connected = true;
        clearTimeout(connecting);
        sendBody(exchange, upstream);
      };
      if (socket.connecting) socket.once('connect', stands);
      else stands();
    });
    upstream.once('timeout', () => upstream.destroy(new Error(TIMED_OUT)));
    upstream.once('response', (answer) => {
      answered = true;
      const status = answer.statusCode ?? 502;
      onAnswer?.(route.name, status);
      response.writeHead(status, endToEnd(answer.rawHeaders));
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    upstream.once('error', (error) => {
      response.off('close', onGone);
      if (response.destroyed) return;
      if (answered) {
        response.destroy();
        return;
      }
      const failed = {
        connected,
        reused: upstream.reusedSocket,
        method: request.method ?? 'GET',
        bodyKept: exchange.body !== undefined,
        tries: exchange.tries,
      };
      if (!connected) exchange.dead.add(route.name);
      if (error.message !== TIMED_OUT && mayRetry(failed)) send(exchange);
      else if (error.message === TIMED_OUT)
        finish(exchange, route.name, 504, 'The service did not answer in time.');
      else finish(exchange, route.name, 502, 'The service closed the connection.');
    });
    upstream.once('close', () => {
      clearTimeout(connecting);
      response.off('close', onGone);
      route.inFlight -= 1;
    });
  }

  function finish({ response }: Exchange, backend: string, status: number, detail: string): void {
    onAnswer?.(backend, status);
    const problem = JSON.stringify({ type: 'about:blank', title: 'Gateway', status, detail });
    const headers = { 'content-type': 'application/problem+json', 'retry-after': '1' };
    response.writeHead(status, headers).end(problem);
  }

  async function drained(left: readonly Route[]): Promise<void> {
    for (
      let waited = 0;
      waited < DRAIN_MS && left.some(({ inFlight }) => inFlight > 0);
      waited += DRAIN_POLL_MS
    ) {
      await sleep(DRAIN_POLL_MS);
    }
    // A connection that is kept idle would only be in the way of the service's own stop.
    for (const { agent } of left) agent.destroy();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${taken}`,
    port: taken,
    backends: async () => routes.map(({ name, url, weight }) => ({ name, url, weight })),
    async setBackends(backends) {
      checkBackends(backends);
      const before = routes;
      routes = backends.map((backend) => routeTo(backend, before));
      owed.clear();
      const weighty = new Set(routes.filter(({ weight }) => weight > 0).map(({ agent }) => agent));
      await drained([...before, ...routes].filter(({ agent }) => !weighty.has(agent)));
    },
    async close() {
      draining = true;
      const closed = new Promise((resolve) => server.close(resolve));
      const sweep = setInterval(() => server.closeIdleConnections(), DRAIN_POLL_MS);
      const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
      for (const { agent } of routes) agent.destroy();
    },
  };
}

const TIMED_OUT = 'no answer';

/** One request on its way, over all its tries. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole body when it is small; undefined when it streams. */
  readonly body: Buffer | undefined;
  tries: number;
  /** Backends to which no connection could be made. */
  readonly dead: Set<string>;
}

/** The same backend keeps its connections and its count, whatever its weight becomes. */
function routeTo(backend: Backend, before: readonly Route[]): Route {
  const known = before.find(({ name, url }) => name === backend.name && url === backend.url);
  if (known !== undefined) return Object.assign(known, { weight: backend.weight });
  return { ...backend, inFlight: 0, agent: new Agent({ keepAlive: true, timeout: IDLE_UPSTREAM_MS }) };
}

function forwarded({ request, body }: Exchange): string[] {
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
