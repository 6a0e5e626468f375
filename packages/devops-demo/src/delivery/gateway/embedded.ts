/**
 * The embedded gateway from outside: its admin API as a `Gateway`.
 *
 * in: address, token → out: Gateway
 */
import { readSamples } from 'service-chassis/exposition';
import { z } from 'zod';
import { GatewayRefused } from '../gateway.js';
import type { Gateway } from '../gateway.js';
import { DRAIN_MS } from './drain.js';
import type { Lease } from './lease.js';

export const backendsSchema = z.array(
  z.strictObject({ name: z.string(), url: z.string(), weight: z.number() }),
);

/** A little longer than the gateway waits for requests on their way. */
const ANSWER_TIMEOUT_MS = DRAIN_MS + 5_000;
const METRICS_TIMEOUT_MS = 3_000;

export interface EmbeddedOptions {
  /** Address of the admin API. */
  readonly adminUrl: string;
  readonly token: string;
  readonly fetch: typeof globalThis.fetch;
}

export function embeddedGateway({ adminUrl, token, fetch }: EmbeddedOptions): Gateway {
  async function ask(method: 'GET' | 'PUT', body?: unknown, query = ''): Promise<string> {
    const response = await fetch(`${adminUrl}/v1/backends${query}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new GatewayRefused(`gateway: it answered ${response.status}: ${text}`);
    return text;
  }
  return {
    backends: async () => backendsSchema.parse(JSON.parse(await ask('GET'))),
    async unanswered() {
      const response = await fetch(`${adminUrl}/metrics`, {
        signal: AbortSignal.timeout(METRICS_TIMEOUT_MS),
      });
      if (!response.ok) throw new GatewayRefused(`gateway: it answered ${response.status} to /metrics`);
      return unansweredIn(await response.text());
    },
    setBackends: async (backends, lease) => void (await ask('PUT', backends, queryOf(lease))),
  };
}

function unansweredIn(exposition: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { name, labels, value } of readSamples(exposition)) {
    const { backend = '', by } = labels;
    if (name === 'gateway_answers_total' && by === 'gateway')
      counts.set(backend, (counts.get(backend) ?? 0) + value);
  }
  return counts;
}

function queryOf(lease: Lease | undefined): string {
  if (lease === undefined) return '';
  return `?${new URLSearchParams({ leaseSeconds: String(lease.seconds), fallback: lease.fallback }).toString()}`;
}
