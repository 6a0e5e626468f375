/** HAProxy before one board, with the limits that compose gives it. It has one thread, whose CPU time Linux counts in nanoseconds. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BoardProcess } from './board-process.js';

export const haproxyIsHere = process.platform === 'linux' && spawnSync('haproxy', ['-v']).status === 0;

const KILOBYTE = 1_024;

export async function startHaproxy(boardUrl: string): Promise<BoardProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'triops-haproxy-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, 'haproxy.cfg'), configOf(new URL(url).host, new URL(boardUrl).host));
  const child = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
  while (!(await fetch(`${url}/healthz`).then(Boolean, () => false))) await sleep(20);
  return {
    url,
    async usage() {
      const [nanoseconds] = readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ');
      const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return {
        cpuSeconds: Number(nanoseconds) / 1e9,
        residentBytes: Number(resident) * KILOBYTE,
        heapBytes: Number.NaN,
      };
    },
    end() {
      child.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

const configOf = (bind: string, board: string) => `global
  nbthread 1
defaults
  mode http
  option forwardfor
  timeout connect 1s
  timeout client 35s
  timeout server 35s
  timeout http-keep-alive 65s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response
listen board
  bind ${bind}
  server blue ${board}
`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
