/** One part of the system as the control room sees it: an HTTP server that answers what a test tells it to. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PartName } from '../src/parts.js';

/** What to answer to a path (with its query). `hang` never answers, `reset` closes the connection. */
export type FakeAnswer =
  { status?: number; json: unknown; afterMs?: number } | { text: string } | 'hang' | 'reset';

export interface FakePart {
  url: string;
  /** Every path that was asked for, in order. */
  asked: string[];
  /** Most requests at one time to one path. */
  mostAtOnce(): number;
  close(): Promise<void>;
}

export async function startFakePart(answer: (path: string) => FakeAnswer): Promise<FakePart> {
  const asked: string[] = [];
  const active = new Map<string, number>();
  let most = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    active.set(path, (active.get(path) ?? 0) + 1);
    most = Math.max(most, active.get(path) ?? 0);
    response.once('close', () => active.set(path, (active.get(path) ?? 1) - 1));
    const told = answer(path);
    if (told === 'hang') return;
    if (told === 'reset') {
      request.socket.destroy();
      return;
    }
    response.statusCode = 'json' in told ? (told.status ?? 200) : 200;
    response.setHeader('content-type', 'application/json');
    const body = 'json' in told ? JSON.stringify(told.json) : told.text;
    setTimeout(() => response.end(body), 'json' in told ? told.afterMs : 0);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    mostAtOnce: () => most,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** An address where nothing listens: a port that was free a moment ago. */
export async function addressOfNobody(): Promise<string> {
  const part = await startFakePart(() => 'reset');
  await part.close();
  return part.url;
}

export type Urls = Record<PartName, string>;
