/**
 * Gateway: what stands before the versions of the service and decides which of them answers a request.
 *
 * in: Backend[] with weights → out: the same split of the traffic, without a dropped request on the way
 *
 * Rule: weights are whole per cent and sum to 100. A change applies to the next request; `setBackends` returns when no request is on its way
 * any more to a backend that lost its weight, so that what it served may be stopped.
 * When it misleads: a weight is a share of requests, not of users: one user may meet both versions.
 * Source: the runtime API of HAProxy, https://www.haproxy.com/documentation/haproxy-runtime-api/ (read 2026-07), is the common denominator.
 *
 *   await gateway.setBackends([{ name: 'blue', url: 'http://127.0.0.1:4001', weight: 95 },
 *                              { name: 'green', url: 'http://127.0.0.1:4002', weight: 5 }])
 */
import { whatIsWrongWith } from './gateway/lease.js';
import type { Lease } from './gateway/lease.js';

export interface Backend {
  readonly name: string;
  /** Like `http://127.0.0.1:4001`, without a path. */
  readonly url: string;
  /** Per cent of the requests. */
  readonly weight: number;
}

/** The gateway is there and says no; what it said is the message. */
export class GatewayRefused extends Error {
  override readonly name = 'GatewayRefused';
}

export interface Gateway {
  backends(): Promise<readonly Backend[]>;
  /** With a lease the weights hold only as long as somebody renews them, by the same call. */
  setBackends(backends: readonly Backend[], lease?: Lease): Promise<void>;
  /** Requests that a backend got and never answered, so that the gateway had to, by name; counts that only grow. Absent: nobody counts them. */
  unanswered?(this: void): Promise<ReadonlyMap<string, number>>;
}

const PER_CENT = 100;

/** @throws when the backends are not such that every request has one place to go. */
export function checkBackends(backends: readonly Backend[], lease?: Lease): void {
  const wrong = whatIsWrong(backends) ?? whatIsWrongWith(lease, backends);
  if (wrong !== undefined) throw new Error(`setBackends: expected ${wrong}`);
}

function whatIsWrong(backends: readonly Backend[]): string | undefined {
  const sum = backends.reduce((total, { weight }) => total + weight, 0);
  if (!backends.every(({ weight }) => Number.isInteger(weight) && weight >= 0)) {
    return 'weights in whole per cent, not below 0';
  }
  if (sum !== PER_CENT) return `weights that sum to 100, got ${sum}`;
  if (new Set(backends.map(({ name }) => name)).size < backends.length) return 'each name once';
  const odd = backends.find(({ url }) => !/^http:\/\/[^/\s]+:\d+$/.test(url));
  return odd === undefined ? undefined : `addresses like http://127.0.0.1:4001, got ${odd.url}`;
}
