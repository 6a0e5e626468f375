/**
 * The least that a gateway can be: one request in, the same one out, over connections that stay open.
 *
 *   plain-proxy.js TARGET_URL → sends its address
 */
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

const target = new URL(process.argv[2] ?? '');
const agent = new Agent({ keepAlive: true });

/** As long as the board's own: a connection that is closed between two rounds would fail a request. */
const keepAliveTimeout = 65_000;

const server = createServer({ keepAliveTimeout }, (incoming, outgoing) => {
  const { method, url: path, headers } = incoming;
  const onward = request({ agent, host: target.hostname, port: target.port, method, path, headers });
  onward.on('response', (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on('error', () => outgoing.destroy());
  incoming.pipe(onward);
});

server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, residentBytes: rss, heapBytes: heapUsed });
});
process.on('disconnect', () => process.exit(0));
