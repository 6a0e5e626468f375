/**
 * Exchange: one request of a client and the answer it gets, whoever gives it.
 *
 * Rule: a small body is read whole, so that it can be sent again; a large one, or one of unknown length, streams.
 */
import type { Agent, ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Backend } from '../../../gateway.js';
import { endToEnd } from '../../headers.js';
import type { Answerer } from '../../metrics.js';

/** A backend, its connections, and what is on its way to it. */
export interface Route extends Backend {
  inFlight: number;
  readonly agent: Agent;
}

export interface ForwardOptions {
  /** Chooses a backend, none of those that turned out dead; undefined when there is no other. */
  readonly next: (dead: ReadonlySet<string>) => Route | undefined;
  readonly onAnswer: (backend: string, status: number, by: Answerer) => void;
}

/** One request on its way, over all its tries. */
export interface Exchange extends ForwardOptions {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The whole body when it is small; undefined when it streams. */
  readonly body: Buffer | undefined;
  tries: number;
  /** Backends to which no connection could be made. */
  readonly dead: Set<string>;
}

/** The board's requests have a few hundred bytes. */
const KEPT_BODY_BYTES = 65_536;

export function refuse(
  { response, onAnswer }: Exchange,
  backend: string,
  status: number,
  detail: string,
): void {
  onAnswer(backend, status, 'gateway');
  const problem = JSON.stringify({ type: 'about:blank', title: 'Gateway', status, detail });
  const headers = { 'content-type': 'application/problem+json', 'retry-after': '1' };
  response.writeHead(status, headers).end(problem);
}

export function forwardedHeaders({ request, body }: Exchange): string[] {
  const headers = endToEnd(request.rawHeaders);
  headers.push('x-forwarded-for', request.socket.remoteAddress ?? 'unknown');
  if (body === undefined && request.headers['content-length'] === undefined) {
    headers.push('transfer-encoding', 'chunked');
  }
  return headers;
}

export function sendBody({ request, body }: Exchange, upstream: ClientRequest): void {
  if (body === undefined) request.pipe(upstream);
  else upstream.end(body);
}

/** Reads a small body, so that it can be sent again; leaves a large one, or one of unknown length, to stream. */
export async function keptBody(request: IncomingMessage): Promise<Buffer | undefined> {
  if (request.headers['transfer-encoding'] !== undefined) return undefined;
  const length = Number(request.headers['content-length'] ?? 0);
  if (length === 0) return Buffer.alloc(0);
  if (length > KEPT_BODY_BYTES) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
