/** Answers `/metrics` for all versions together. One that is silent is left out; when all are, the answer is 503. */
import type { ServerResponse } from 'node:http';
import type { Backend } from '../../gateway.js';
import { mergeExpositions } from '../merge-expositions.js';
import type { Part } from '../merge-expositions.js';

/** A little less than scrapers wait. */
const PATIENCE_MS = 1_200;

export async function answerMetrics(response: ServerResponse, backends: readonly Backend[]): Promise<void> {
  const parts = (await Promise.all(backends.map(partOf))).filter((part) => part !== undefined);
  response.writeHead(parts.length === 0 ? 503 : 200, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
  });
  response.end(mergeExpositions(parts));
}

async function partOf({ name, url }: Backend): Promise<Part | undefined> {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = await answer.text();
    return answer.ok ? { slot: name, text } : undefined;
  } catch {
    return undefined;
  }
}
