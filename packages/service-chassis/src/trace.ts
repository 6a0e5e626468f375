/**
 * Trace context: which request is this, and who asked?
 *
 * Follows W3C Trace Context level 1 (https://www.w3.org/TR/trace-context/): a `traceparent` header is
 * `00-<32 hex trace id>-<16 hex parent span id>-<2 hex flags>`. A request without one starts a new trace.
 * The context travels with the request through every `await`, so logs and outgoing calls carry it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';

/** Identity of the request that is being handled. */
export interface TraceContext {
  /** 32 hex digits, the same in every service that the request touches. */
  traceId: string;
  /** 16 hex digits, new in each service. */
  spanId: string;
  /** Given by the first caller, or made here; told back in `x-request-id`. */
  requestId: string;
}

const storage = new AsyncLocalStorage<TraceContext>();
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;
const REQUEST_ID = /^[\w.:-]{1,64}$/;

/**
 * Reads a `traceparent` header.
 *
 * @returns the trace id, or undefined when the header is absent or malformed.
 * @example traceIdOf('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01') // '4bf92f3577b34da6a3ce929d0e0e4736'
 */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent === undefined ? undefined : TRACEPARENT.exec(traceparent)?.[1];
}

/** The context of the request being handled, or undefined outside a request. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore();
}

/** Headers that carry the current request's identity to the next service. Empty outside a request. */
export function outgoingHeaders(): Record<string, string> {
  const trace = storage.getStore();
  if (trace === undefined) return {};
  return { traceparent: `00-${trace.traceId}-${trace.spanId}-01`, 'x-request-id': trace.requestId };
}

/** Runs `work` as part of a request whose context was kept. Cheaper than binding a function to it. */
export function withTrace<Result>(context: TraceContext | undefined, work: () => Result): Result {
  return context === undefined ? work() : storage.run(context, work);
}

/** Runs `work` inside a new trace, for work that no request started (a timer, a replay). */
export function withNewTrace<Result>(work: () => Result): Result {
  return storage.run(newContext(undefined, undefined), work);
}

/** Express middleware: opens the context of each request and tells the request id back. */
export const traceRequests: RequestHandler = (request, response, next) => {
  const context = newContext(traceIdOf(request.get('traceparent')), request.get('x-request-id'));
  response.setHeader('x-request-id', context.requestId);
  storage.run(context, next);
};

function newContext(traceId: string | undefined, requestId: string | undefined): TraceContext {
  return {
    traceId: traceId ?? randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    requestId: requestId !== undefined && REQUEST_ID.test(requestId) ? requestId : randomUUID(),
  };
}
