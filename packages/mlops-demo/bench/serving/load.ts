/**
 * Load: clients on loopback, each with one connection, each asking again as soon as it is answered.
 *
 * in:  an address, how many clients, flights a request, how many requests → out: requests a second, p50 and p99
 *
 * When it misleads: a closed loop asks less when answers are slow, so a pause is seen by few requests (coordinated omission).
 */
import { Agent, request } from 'node:http';
import { quantile } from './median.js';

export interface Load {
  requestsPerSecond: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
  /** Answered 429. */
  refused: number;
}

export interface Work {
  clients: number;
  flightsARequest: number;
  requests: number;
}

const AIRPORTS = ['ATL', 'ORD', 'DFW', 'DEN', 'LAX', 'SDF', 'PHX', 'CLT'];
/** Only airports on Eastern or Central time would need another offset: these questions stay in one zone. */
const EASTERN = ['ATL', 'SDF', 'CLT', 'BOS', 'LGA', 'PIT'];
const agents = new Map<number, Agent>();
let asked = 0;

export async function load(url: string, { clients, flightsARequest, requests }: Work): Promise<Load> {
  const agent = agents.get(clients) ?? new Agent({ keepAlive: true, maxSockets: clients });
  agents.set(clients, agent);
  const took: number[] = [];
  let [left, refused] = [requests, 0];
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      const status = await ask(agent, url, questionOf(flightsARequest));
      if (status === 429) refused += 1;
      else if (status !== 200) throw new Error(`load: expected 200 or 429, got ${status}`);
      took.push(performance.now() - startedAt);
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    requestsPerSecond: requests / seconds,
    p50Milliseconds: quantile(0.5, took),
    p99Milliseconds: quantile(0.99, took),
    refused,
  };
}

export function questionOf(flights: number): string {
  const list = Array.from({ length: flights }, () => {
    const number = asked++;
    const origin = EASTERN[number % EASTERN.length];
    const destination = AIRPORTS[(number >> 3) % AIRPORTS.length];
    const minute = String(number % 60).padStart(2, '0');
    return {
      flightId: `bench-${number}`,
      origin,
      destination: destination === origin ? 'ORD' : destination,
      departedAt: `2001-02-01T08:${minute}:00-05:00`,
      distanceMiles: 200 + (number % 1_500),
    };
  });
  return JSON.stringify({ flights: list });
}

/** One request; the answer is its status. */
export async function ask(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/predict`, {
      agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    });
    sent.on('response', (answer) => answer.resume().once('end', () => resolve(answer.statusCode ?? 0)));
    sent.once('error', reject);
    sent.end(body);
  });
}
