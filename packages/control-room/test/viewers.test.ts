import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { Response } from 'express';
import { expect, it } from 'vitest';
import { gatherViewers } from '../src/viewers.js';
import { readEvents } from './read-events.js';

const ONE_MEGABYTE = JSON.stringify('x'.repeat(1_000_000));

async function serve(heartbeatMs?: number) {
  const viewers = gatherViewers(heartbeatMs);
  let joined: (response: Response) => void;
  const firstViewer = new Promise<Response>((resolve) => {
    joined = resolve;
  });
  const app = express().get('/events', (_request, response) => {
    viewers.join(response, '{}');
    joined(response);
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  const { port } = server.address() as AddressInfo;
  async function close(): Promise<void> {
    viewers.close();
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
  return { viewers, firstViewer, port, url: `http://127.0.0.1:${port}/events`, close };
}

it('a browser that does not read is skipped, and nothing more piles up for it', async () => {
  const { viewers, firstViewer, port, close } = await serve();
  const idle = connect(port, '127.0.0.1', () => {
    idle.write('GET /events HTTP/1.1\r\nhost: control-room\r\n\r\n');
    idle.pause();
  });
  const response = await firstViewer;
  // The system takes some megabytes for a reader that is slow; after that the server must not keep more.
  while (viewers.show(ONE_MEGABYTE) === 0) await new Promise(setImmediate);
  const held = response.writableLength;
  for (let more = 0; more < 20; more += 1) expect(viewers.show(ONE_MEGABYTE)).toBe(1);
  expect(response.writableLength).toBe(held);
  idle.destroy();
  await close();
});

it('a browser that reads again gets the next room', async () => {
  const { viewers, firstViewer, url, close } = await serve();
  const events = readEvents(url);
  expect((await events.next()).value).toEqual({ event: 'room', data: '{}' });
  const response = await firstViewer;
  while (viewers.show(ONE_MEGABYTE) === 0) await new Promise(setImmediate);
  const drained = new Promise((resolve) => {
    response.once('drain', resolve);
  });
  const data: (string | undefined)[] = [];
  const reading = (async () => {
    for await (const event of events) {
      data.push(event.data);
      if (event.data === '"last"') return;
    }
  })();
  await drained;
  expect(viewers.show('"last"')).toBe(0);
  await reading;
  expect(data.every((piece) => piece === ONE_MEGABYTE || piece === '"last"')).toBe(true);
  await close();
});

it('a silent stream has a heartbeat that no listener sees', async () => {
  const { viewers, port, close } = await serve(5);
  const heard = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write('GET /events HTTP/1.1\r\nhost: control-room\r\n\r\n');
    });
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(': still here')) {
        resolve(text);
        socket.destroy();
      }
    });
  });
  expect(heard).toContain('retry: 2000\n\nevent: room\ndata: {}\n\n');
  expect(viewers.count()).toBeLessThanOrEqual(1);
  await close();
});
