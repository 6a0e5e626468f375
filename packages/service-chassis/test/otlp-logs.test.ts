import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createOtlpShipper, toLogRecord } from '../src/otlp-logs.js';

const LINE = JSON.stringify({
  'log.level': 'warn',
  '@timestamp': '2001-02-25T08:00:00.000Z',
  'service.name': 'flights-api',
  'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
  'http.response.status_code': 503,
  message: 'model server timed out after 300 ms',
});

/** A collector that keeps what it is sent, and can refuse. */
async function startCollector() {
  const batches: { resourceLogs: { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }[] }[] =
    [];
  const collector = { batches, refuse: false };
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      if (!collector.refuse) batches.push(JSON.parse(text) as (typeof batches)[number]);
      response.writeHead(collector.refuse ? 503 : 200).end('{}');
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const bodies = () =>
    batches.flatMap(
      (batch) =>
        batch.resourceLogs[0]?.scopeLogs[0]?.logRecords.map((record) => record.body.stringValue) ?? [],
    );
  return Object.assign(collector, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`,
    bodies,
    stop: async () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  });
}

describe('OTLP log shipping', () => {
  it('turns an ECS line into an OTLP record', () => {
    expect(toLogRecord(LINE)).toEqual({
      timeUnixNano: '983088000000000000',
      severityNumber: 13,
      severityText: 'WARN',
      body: { stringValue: 'model server timed out after 300 ms' },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      attributes: [{ key: 'http.response.status_code', value: { intValue: '503' } }],
    });
  });

  it('leaves out a line that is not JSON', () => {
    expect(toLogRecord('Segmentation fault')).toBeUndefined();
  });

  it('a line about an injected fault is not shipped: nobody who looks for a cause may read the answer', () => {
    const line = JSON.stringify({ message: 'fault injected: slow in model-server', fault: { name: 'slow' } });
    expect(toLogRecord(line)).toBeUndefined();
  });

  it('keeps lines while the collector is away, and sends them in order when it is back', async () => {
    const collector = await startCollector();
    collector.refuse = true;
    const shipper = createOtlpShipper({ url: collector.url, service: 'test', version: '1' });
    for (const message of ['one', 'two']) shipper.write(JSON.stringify({ message }));
    await shipper.flush();
    expect(collector.bodies()).toEqual([]);
    collector.refuse = false;
    shipper.write(JSON.stringify({ message: 'three' }));
    await shipper.close();
    expect(collector.bodies()).toEqual(['one', 'two', 'three']);
    await collector.stop();
  });

  it('drops the oldest lines beyond its bound, and tells how many', async () => {
    const collector = await startCollector();
    const shipper = createOtlpShipper({ url: collector.url, service: 'test', version: '1' });
    for (let line = 0; line < 10_003; line += 1) shipper.write(JSON.stringify({ message: `line ${line}` }));
    await shipper.close();
    const bodies = collector.bodies();
    expect(bodies[0]).toBe('line 3');
    expect(bodies).toContain('log shipping dropped 3 lines while the collector was away');
    await collector.stop();
  });
});
