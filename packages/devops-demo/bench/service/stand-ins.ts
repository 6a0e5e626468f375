/** Stand-ins for what the board talks to: a model that always says 0.37, and a collector that takes every log line. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Longer than any pause of the benchmark. */
const KEEP_ALIVE_MS = 65_000;

export async function startStandIns(): Promise<{ url: string; close(): void }> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [flight] = ((await json(request)) as { flights?: { flightId: string }[] }).flights ?? [];
  const predictions = flight === undefined ? [] : [{ flightId: flight.flightId, probability: 0.37 }];
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ modelVersion: 'bench', predictions }));
}
