/** A request as its bytes, for tests of what well-behaved clients never send. devops-demo's gateway is tried with it too. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const CHUNKED = 'transfer-encoding: chunked\r\n';

/** What follows the first two lines of a request that two servers might read differently. */
export const MALFORMED: [attempt: string, rest: string][] = [
  ['two lengths (request smuggling)', `content-length: 3\r\n${CHUNKED}\r\n0\r\n\r\n`],
  ['two different content lengths', 'content-length: 3\r\ncontent-length: 4\r\n\r\nabc'],
  ['a header with a bare line feed', 'x: a\nb: c\r\n\r\n'],
];

/** Sends bytes as they are, perhaps more of them from time to time, and returns the answer's first line. */
export async function rawRequest(port: number, bytes: string, drip = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  const answer = readAll(socket);
  socket.write(bytes);
  const dripping = setInterval(() => drip !== '' && socket.writable && socket.write(drip), 50);
  const text = await answer;
  clearInterval(dripping);
  return text.split('\r\n')[0] ?? '';
}

export async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // A server that cuts the connection while more is being sent is what is hoped for.
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return text;
}
