import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startTestService } from './harness.js';

describe('graceful shutdown', () => {
  it('answers the requests in flight, refuses new ones, and ends although a client keeps its connection', async () => {
    let release = (): void => undefined;
    const entered = new Promise<void>((resolveEntered) => {
      release = resolveEntered;
    });
    let answer = (): void => undefined;
    const service = await startTestService((router) => {
      router.get('/v1/slow', (_request, response) => {
        answer = () => void response.json({ ok: true });
        release();
      });
    });
    const agent = new Agent({ keepAlive: true });
    const inFlight = new Promise<{ status: number; connection: string | undefined }>((resolve, reject) => {
      request(`${service.url}/v1/slow`, { agent }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection });
      })
        .on('error', reject)
        .end();
    });
    await entered;
    const closed = service.close();
    await expect(fetch(`${service.url}/livez`)).rejects.toThrow();
    answer();
    expect((await inFlight).status).toBe(200);
    await closed;
    agent.destroy();
  });

  it('does not wait for a connection that never sent a request', async () => {
    const service = await startTestService(() => undefined);
    const silent = connect(service.port, '127.0.0.1');
    await once(silent, 'connect');
    const closedByServer = once(silent, 'close');
    silent.resume();
    await service.close();
    await closedByServer;
    expect(silent.destroyed).toBe(true);
  });

  it('names the port that is taken', async () => {
    const first = await startTestService(() => undefined);
    const { createLogger, listen } = await import('../src/index.js');
    const { default: express } = await import('express');
    const logger = createLogger({ service: 'second', stream: { write: () => undefined } });
    await expect(listen(express(), { host: '127.0.0.1', port: first.port, logger })).rejects.toThrow(
      `port ${first.port} on 127.0.0.1 is taken`,
    );
    await first.close();
  });
});
