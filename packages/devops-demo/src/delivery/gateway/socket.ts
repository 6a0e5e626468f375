/** HAProxy's runtime socket: one command a connection, as its guide advises for programs. */
import { createConnection } from 'node:net';

const ANSWER_TIMEOUT_MS = 3_000;

/** @param address path of a Unix socket, or `host:port` */
export async function askHaproxy(address: string, command: string): Promise<string> {
  const [, host, port] = /^([^/]+):(\d+)$/.exec(address) ?? [];
  return new Promise((resolve, reject) => {
    const socket = createConnection(
      host === undefined ? { path: address } : { host, port: Number(port) },
      () => socket.write(`${command}\n`),
    );
    let answer = '';
    socket.setEncoding('utf8').setTimeout(ANSWER_TIMEOUT_MS, () => {
      socket.destroy(new Error(`askHaproxy: no answer from ${address} within ${ANSWER_TIMEOUT_MS} ms`));
    });
    socket.on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('end', () => resolve(answer));
  });
}
