/**
 * Middleware: what observing takes by itself, without network, database and Express.
 *
 * Rule: CPU time of many passes through the middleware with a request that has just ended; the least of several tries, since
 * a disturbed one only ever takes longer. A busy machine hardly changes it, unlike requests/s.
 * When it misleads: everything it touches stays in the processor's cache, and nobody reads the log lines.
 */
import { EventEmitter } from 'node:events';
import { createLogger, createMetrics, observeRequests, withNewTrace } from 'service-chassis';

const PASSES = 20_000;
const TRIES = 7;
const SERVICE = { service: 'flights-api', stream: { write: () => undefined } };

export function middlewareMicroseconds(): Record<'metrics' | 'metrics + logs', number> {
  const observing = (level: string) =>
    observeRequests(createMetrics(SERVICE), createLogger({ ...SERVICE, level })) as unknown as Observe;
  return { metrics: leastOf(observing('silent')), 'metrics + logs': leastOf(observing('info')) };
}

/** As much of a request and its answer as the middleware touches. */
type Observe = (request: object, response: EventEmitter, next: () => void) => void;

const REQUEST = { method: 'POST', path: '/v1/flights', baseUrl: '', route: { path: '/v1/flights' } };

const NOTHING: Observe = (_request, _response, next) => next();

function leastOf(observe: Observe): number {
  return least(observe) - least(NOTHING);
}

function least(observe: Observe): number {
  const tries = Array.from({ length: TRIES }, () => {
    const before = process.cpuUsage();
    for (let pass = 0; pass < PASSES; pass++) {
      const response = Object.assign(new EventEmitter(), { writableFinished: true, statusCode: 201 });
      withNewTrace(() => observe(REQUEST, response, () => undefined));
      response.emit('close');
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / PASSES;
  });
  return Math.min(...tries);
}
