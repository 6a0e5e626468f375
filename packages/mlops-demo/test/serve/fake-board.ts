/** A board that has only a feed, and can misbehave. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlightEvent } from '../../src/flights.js';

export interface FakeBoard {
  url: string;
  /** What has happened so far; push to let more happen. */
  events: unknown[];
  /** `away`: no answer. `nonsense`: 200, and no page. `new database`: every cursor is unknown. */
  behaviour: 'well' | 'away' | 'nonsense' | 'new database';
  requests: number;
  close(): Promise<void>;
}

export async function startFakeBoard(events: readonly FlightEvent[] = []): Promise<FakeBoard> {
  const server = createServer((request, response) => {
    board.requests += 1;
    const { searchParams } = new URL(request.url ?? '/', board.url);
    const after = Number(searchParams.get('after') ?? 0);
    response.setHeader('content-type', 'application/json');
    if (board.behaviour === 'away') request.socket.destroy();
    else if (board.behaviour === 'nonsense') response.end('{"events":"many"}');
    else if (board.behaviour === 'new database' && after > 0) response.writeHead(422).end('{}');
    else {
      const page = board.events.slice(after, after + Number(searchParams.get('limit')));
      response.end(JSON.stringify({ events: page, next: String(after + page.length) }));
    }
  });
  const board: FakeBoard = {
    url: '',
    events: [...events],
    behaviour: 'well',
    requests: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  board.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return board;
}
