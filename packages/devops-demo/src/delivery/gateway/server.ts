/**
 * The embedded gateway: a small reverse proxy with weights.
 *
 * Rule: connections to the backends are kept and used again; a change of weights applies to the next request; what lost its
 * weight is waited for.
 * When it misleads: it is one process on one core. For more, HAProxy has the same interface (haproxy.ts).
 */
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PATIENCE, serverLimits } from 'service-chassis';
import type { Patience } from 'service-chassis';
import { checkBackends } from '../gateway.js';
import type { Backend, Gateway } from '../gateway.js';
import { createBalance } from './balance.js';
import { untilIdle } from './drain.js';
import { answerMetrics } from './all-metrics/server.js';
import { forward } from './forward/server.js';
import type { ForwardOptions, Route } from './forward/exchange/server.js';
import { afterLease } from './lease.js';
import { whomToAsk } from './own-affairs.js';

export interface GatewayServer extends Gateway {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Shuffles the slots of the weights; seeded in tests. */
  readonly random?: () => number;
  /** How long a client may take to send its request; as at the services, unless told. */
  readonly patience?: Patience;
  /** Told of each answer, and who gave it. */
  readonly onAnswer?: ForwardOptions['onAnswer'];
  /** Told when nobody renewed the weights, and which hold now. */
  readonly onLeaseEnd?: (backends: readonly Backend[]) => void;
}

/** The backends' side: shorter than the service's 65 s, so that the gateway closes first. */
const IDLE_UPSTREAM_MS = 15_000;
/** Of a gateway that stops itself; as long as the services take for it. */
const STOP_MS = 10_000;
const SWEEP_MS = 10;

export async function startGateway(options: GatewayOptions): Promise<GatewayServer> {
  const { host, port, random = Math.random, onAnswer = () => undefined, onLeaseEnd } = options;
  let routes: Route[] = [];
  let draining = false;
  let leaseEnd: NodeJS.Timeout | undefined;
  const balance = createBalance(random);
  const primary = (dead: ReadonlySet<string>) =>
    routes.filter(({ name }) => !dead.has(name)).toSorted((a, b) => b.weight - a.weight)[0];
  /** Another try, after one that nobody took, takes no slot of the block. */
  function byWeight(dead: ReadonlySet<string>): Route | undefined {
    if (dead.size === 0) return balance(routes);
    const other = primary(dead);
    return (other?.weight ?? 0) > 0 ? other : undefined;
  }
  const server = createServer(serverLimits(options.patience ?? PATIENCE), (request, response) => {
    if (draining) response.setHeader('connection', 'close');
    const whom = whomToAsk(request.url ?? '/');
    if (whom === 'everybody') void answerMetrics(response, routes);
    else if (whom === 'primary') forward(request, response, { next: primary, onAnswer: () => undefined });
    else forward(request, response, { next: byWeight, onAnswer });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const taken = (server.address() as AddressInfo).port;

  async function setRoutes(backends: readonly Backend[]): Promise<void> {
    const before = routes;
    routes = backends.map((backend) => routeTo(backend, before));
    const weighty = new Set(routes.filter(({ weight }) => weight > 0).map(({ agent }) => agent));
    await drained([...before, ...routes].filter(({ agent }) => !weighty.has(agent)));
  }

  async function close(): Promise<void> {
    draining = true;
    clearTimeout(leaseEnd);
    const closed = new Promise((resolve) => server.close(resolve));
    const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), STOP_MS);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
    for (const { agent } of routes) agent.destroy();
  }

  return {
    url: `http://${host}:${taken}`,
    port: taken,
    close,
    backends: async () => routes.map(({ name, url, weight }) => ({ name, url, weight })),
    async setBackends(backends, lease) {
      checkBackends(backends, lease);
      clearTimeout(leaseEnd);
      if (lease !== undefined) {
        const left = afterLease(backends, lease);
        leaseEnd = setTimeout(() => {
          void setRoutes(left);
          onLeaseEnd?.(left);
        }, lease.seconds * 1_000).unref();
      }
      await setRoutes(backends);
    },
  };
}

/** The same backend keeps its connections and its count, whatever its weight becomes. */
function routeTo(backend: Backend, before: readonly Route[]): Route {
  const known = before.find(({ name, url }) => name === backend.name && url === backend.url);
  if (known !== undefined) return Object.assign(known, { weight: backend.weight });
  return { ...backend, inFlight: 0, agent: new Agent({ keepAlive: true, timeout: IDLE_UPSTREAM_MS }) };
}

/** A connection that is kept idle would only be in the way of the service's own stop. */
async function drained(left: readonly Route[]): Promise<void> {
  await untilIdle(() => left.every(({ inFlight }) => inFlight === 0), sleep);
  for (const { agent } of left) agent.destroy();
}
