/** A board for tests: remembers what it was told, answers as the contract says, and fails when told to. */
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface FakeBoard {
  readonly url: string;
  /** Every accepted write in order: `departure f1`, `outcome f1`. */
  readonly accepted: string[];
  readonly flights: Map<string, object>;
  readonly outcomes: Map<string, object>;
  /** How many further requests are answered 503. */
  fail(times: number): void;
  /** Most requests under way at once so far. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export async function fakeBoard(answerAfterMs = 0): Promise<FakeBoard> {
  const accepted: string[] = [];
  const flights = new Map<string, object>();
  const outcomes = new Map<string, object>();
  let failures = 0;
  let atOnce = 0;
  let most = 0;

  function answer(method: string, path: string, body: object): number {
    if (failures > 0) {
      failures -= 1;
      return 503;
    }
    const outcomeOf = /^\/v1\/flights\/([^/]+)\/outcome$/.exec(path)?.[1];
    const id = outcomeOf ?? (body as { flightId: string }).flightId;
    if (outcomeOf !== undefined && !flights.has(id)) return 404;
    const store = outcomeOf === undefined ? flights : outcomes;
    if (store.has(id)) return JSON.stringify(store.get(id)) === JSON.stringify(body) ? 200 : 409;
    store.set(id, body);
    accepted.push(`${method === 'POST' ? 'departure' : 'outcome'} ${id}`);
    return 201;
  }

  const server = createServer((request, response) => {
    most = Math.max(most, ++atOnce);
    const reply = async (): Promise<void> => {
      const body = await bodyOf(request);
      await sleep(answerAfterMs);
      atOnce -= 1;
      response.writeHead(answer(request.method ?? '', request.url ?? '', body)).end('{}');
    };
    void reply();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted,
    flights,
    outcomes,
    fail: (times) => (failures = times),
    mostAtOnce: () => most,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<object> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as object;
}
