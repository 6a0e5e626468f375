/**
 * HAProxy before one board, as compose has it (infrastructure/gateway/haproxy.cfg), but for this: one thread, whose CPU time Linux counts in
 * nanoseconds; a kept connection may rest for 65 s instead of 30; no bound on connections and headers, no checks, no lease.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from 'service-chassis/free-port';
import type { BoardProcess } from './board-process.js';

export const haproxyIsHere = process.platform === 'linux' && spawnSync('haproxy', ['-v']).status === 0;

const KILOBYTE = 1_024;
const START_PATIENCE_MS = 10_000;
const POLL_MS = 20;

export async function startHaproxy(boardUrl: string): Promise<BoardProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'triops-haproxy-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  writeFileSync(join(folder, 'haproxy.cfg'), configOf(new URL(url).host, new URL(boardUrl).host));
  const child = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
  function end(): void {
    child.kill();
    rmSync(folder, { recursive: true });
  }
  for (const until = performance.now() + START_PATIENCE_MS; !(await answers(url)); await sleep(POLL_MS)) {
    if (child.exitCode === null && performance.now() < until) continue;
    end();
    throw new Error(
      `startHaproxy: expected an answer from ${url} within ${START_PATIENCE_MS / 1_000} s, got none`,
    );
  }
  return {
    url,
    end,
    async usage() {
      const [nanoseconds] = readFileSync(`/proc/${child.pid}/schedstat`, 'utf8').split(' ');
      const resident = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return {
        cpuSeconds: Number(nanoseconds) / 1e9,
        residentBytes: Number(resident) * KILOBYTE,
        heapBytes: Number.NaN,
      };
    },
  };
}

const answers = async (url: string) => fetch(`${url}/healthz`).then(Boolean, () => false);

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
