/** A board that has only a feed: what is pushed has happened. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FlightEvent } from 'mlops-demo';

export interface Board {
  url: string;
  events: FlightEvent[];
  close: () => void;
}

export async function startBoard(): Promise<Board> {
  const events: FlightEvent[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://board');
    const after = Number(searchParams.get('after') ?? 0);
    const page = events.slice(after, after + Number(searchParams.get('limit')));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ events: page, next: String(after + page.length) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, events, close };
}
