/**
 * Load: a few clients on loopback, each with one connection, each asking again as soon as it is answered.
 *
 * in: an address, the kind of work, how many requests → out: requests a second and p99
 *
 * When it misleads: a closed loop asks less when answers are slow, so a pause is seen by few requests (coordinated omission).
 */
import { Agent, request } from 'node:http';

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Milliseconds: number;
}

/** Reads one flight, registers a new one, or lists the newest fifty. */
export type Work = 'read' | 'write' | 'list';

const CLIENTS = 8;
export const KNOWN_FLIGHT = 'BENCH-1';
const PATHS: Record<Work, string> = {
  read: `/v1/flights/${KNOWN_FLIGHT}`,
  write: '/v1/flights',
  list: '/v1/flights?limit=50',
};
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
let flights = 0;

export async function load(url: string, work: Work, requests: number): Promise<Load> {
  const took: number[] = [];
  let left = requests;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      took.push(await ask(url, work));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - startedAt) / 1_000;
  took.sort((a, b) => a - b);
  const p99Milliseconds = took[Math.floor(took.length * 0.99)] ?? Number.NaN;
  return { requestsPerSecond: requests / seconds, p99Milliseconds };
}

/** One request; the answer is the milliseconds it took. */
export async function ask(url: string, work: Work, flightId = `W-${flights++}`): Promise<number> {
  const body = work === 'write' ? departure(flightId) : undefined;
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${PATHS[work]}`, {
      agent,
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
    });
    asked.on('response', (answer) => {
      const { statusCode = 0 } = answer;
      if (statusCode >= 300) reject(new Error(`load: expected an answer of 2xx, got ${statusCode}`));
      answer.resume().once('end', () => resolve(performance.now() - startedAt));
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

function departure(flightId: string): string {
  const departedAt = '2001-02-01T08:15:00-05:00';
  return JSON.stringify({ flightId, origin: 'ATL', destination: 'SAV', departedAt, distanceMiles: 215 });
}
