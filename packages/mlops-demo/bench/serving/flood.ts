/**
 * Flood: clients that do not wait. Each has one connection, and asks again at once, whether it was answered or refused.
 *
 * in:  an address, how many connections, flights a request, for how long
 * out: answers and refusals a second, how long an answer took
 *
 * Rule: bytes on bare sockets, so that the load takes less of the machine than the server: no HTTP client is between. It begins to count when
 * five seconds have passed: a busy server takes in new connections one a turn.
 *
 * When it misleads: real clients wait as `Retry-After` says. This is the worst that well-formed requests can do on so many connections.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { questionOf } from './load.js';
import { quantile } from './median.js';

export interface Flood {
  answersPerSecond: number;
  refusalsPerSecond: number;
  /** Connections that ended without an answer. */
  resets: number;
  p50Milliseconds: number;
  p99Milliseconds: number;
}

export interface FloodWork {
  connections: number;
  flightsARequest: number;
  seconds: number;
}

const WARM_UP_MS = 5_000;
const DIFFERENT_QUESTIONS = 64;
const HEAD_END = '\r\n\r\n';

interface Count {
  answered: number[];
  refused: number;
  reset: number;
  counting: boolean;
}

export async function flood(url: string, work: FloodWork): Promise<Flood> {
  const { hostname, port } = new URL(url);
  const texts = Array.from({ length: DIFFERENT_QUESTIONS }, () =>
    requestText(questionOf(work.flightsARequest)),
  );
  const count: Count = { answered: [], refused: 0, reset: 0, counting: false };
  const sockets = new Set<Socket>();
  const open = (index: number): void => {
    const socket = ask(connect(Number(port), hostname), texts[index % texts.length]!, count);
    sockets.add(socket);
    // Of very many connections at once the system refuses some: they come again.
    socket.on('error', () => {
      sockets.delete(socket);
      count.reset += 1;
      open(index);
    });
  };
  for (let index = 0; index < work.connections; index++) open(index);
  await sleep(WARM_UP_MS);
  count.counting = true;
  const startedAt = performance.now();
  await sleep(work.seconds * 1_000);
  count.counting = false;
  const seconds = (performance.now() - startedAt) / 1_000;
  for (const socket of sockets) socket.destroy();
  return {
    answersPerSecond: count.answered.length / seconds,
    refusalsPerSecond: count.refused / seconds,
    resets: count.reset,
    p50Milliseconds: quantile(0.5, count.answered),
    p99Milliseconds: quantile(0.99, count.answered),
  };
}

/** Asks for ever. */
function ask(socket: Socket, text: Buffer, count: Count): Socket {
  let [askedAt, received] = [0, ''];
  const send = (): void => {
    askedAt = performance.now();
    socket.write(text);
  };
  socket.setNoDelay(true);
  socket.once('connect', send);
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1');
    if (!isWhole(received)) return;
    const status = received.slice(9, 12);
    if (status !== '200' && status !== '429')
      throw new Error(`flood: expected 200 or 429, got ${received.slice(0, 300)}`);
    if (count.counting && status === '200') count.answered.push(performance.now() - askedAt);
    if (count.counting && status === '429') count.refused += 1;
    received = '';
    send();
  });
  return socket;
}

/** Every answer here says how long it is. */
function isWhole(received: string): boolean {
  const end = received.indexOf(HEAD_END);
  if (end === -1) return false;
  const length = /content-length: (\d+)/i.exec(received.slice(0, end))?.[1];
  if (length === undefined) throw new Error('flood: expected an answer with its length');
  return received.length >= end + HEAD_END.length + Number(length);
}

function requestText(body: string): Buffer {
  const head = [
    'POST /v1/predict HTTP/1.1',
    'host: bench',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(head.join('\r\n') + HEAD_END + body);
}
