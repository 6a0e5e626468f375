/** A model server that does what a test tells it, on a free port. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export type Behaviour = (response: ServerResponse, flight: { flightId: string }) => void;

export interface FakeModelServer {
  url: string;
  port: number;
  /** Headers of every request so far. */
  requests: IncomingHttpHeaders[];
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export const wellBehaved: Behaviour = (response, { flightId }) =>
  json(response, 200, { modelVersion: 'm-2001-01-31', predictions: [{ flightId, probability: 0.37 }] });

/** Never answers. */
export const silent: Behaviour = () => undefined;

export const broken: Behaviour = (response) => json(response, 500, { title: 'broken' });

export const answering =
  (status: number, body: unknown): Behaviour =>
  (response) =>
    json(response, status, body);

export const sayingNonsense =
  (words: string): Behaviour =>
  (response) =>
    void response.writeHead(200).end(words);

/** Begins an answer that has no end. */
export const endless: Behaviour = (response) => {
  response.writeHead(200);
  const more = (): void => {
    while (!response.destroyed && response.write('0'.repeat(16_384)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
};

export async function startFakeModelServer(port = 0): Promise<FakeModelServer> {
  const requests: IncomingHttpHeaders[] = [];
  let behaviour = wellBehaved;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { flights } = JSON.parse(await text(request)) as { flights: [{ flightId: string }] };
    behaviour(response, flights[0]);
  }
  const server = createServer((request, response) => {
    requests.push(request.headers);
    void answer(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    requests,
    behave(next) {
      behaviour = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
