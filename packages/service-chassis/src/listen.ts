/**
 * Starts and stops an HTTP server without dropping a request.
 *
 * Stopping: tell every client to close its connection with its next answer, take no new connections, close
 * idle ones, wait for the requests in flight, then release what the service holds. `server.close()` alone
 * waits for keep-alive clients to go away by themselves.
 */
import { createServer } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Express } from 'express';
import type { Logger } from 'pino';
import { shutdownLogs } from './logs.js';

const IDLE_SWEEP_MS = 50;
/** A client that sends its request byte by byte (slowloris) is cut off after these, and looked for this often. */
export const PATIENCE: Patience = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 1_000 };
/** Longer than common clients keep an idle connection, so that the client closes first. */
const KEEP_ALIVE_MS = 65_000;

/** How long a client may take to send its request. */
export interface Patience {
  headersMs: number;
  /** Headers and body. */
  requestMs: number;
  checkEveryMs: number;
}

/** How long a server waits for its clients. @example serverLimits(PATIENCE) // { headersTimeout: 10000, requestTimeout: 30000, … } */
export function serverLimits({ headersMs, requestMs, checkEveryMs }: Patience): ServerOptions {
  return {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: checkEveryMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
}

/** Where to listen and how to stop. */
export interface ListenOptions {
  host: string;
  /** 0 takes any free port. */
  port: number;
  logger: Logger;
  /** Released in this order after the last request. */
  onShutdown?: (() => Promise<void> | void)[];
  /** How long requests in flight may take before they are cut. */
  drainMs?: number;
  /** Shorter than usual, for tests. */
  patience?: Patience;
}

/** A server that runs. */
export interface Listening {
  url: string;
  port: number;
  /** Stops gracefully; may be called more than once. */
  close(): Promise<void>;
}

/**
 * Starts listening.
 *
 * @throws the system's error when the address is taken, with the port named.
 */
export async function listen(app: Express, options: ListenOptions): Promise<Listening> {
  const { host, logger, patience = PATIENCE } = options;
  const server = createServer(serverLimits(patience), app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`listen: port ${options.port} on ${host} is taken by another process`, { cause: error })
          : error,
      );
    });
    server.listen(options.port, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  logger.info(`listening on ${url}`);

  const closeIdle = trackIdleSockets(server);

  async function stop(): Promise<void> {
    app.set('draining', true);
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    const sweep = setInterval(closeIdle, IDLE_SWEEP_MS);
    const cut = setTimeout(() => server.closeAllConnections(), options.drainMs ?? 10_000);
    await closed;
    clearInterval(sweep);
    clearTimeout(cut);
    for (const release of options.onShutdown ?? []) await release();
    logger.info('stopped');
  }

  let stopping: Promise<void> | undefined;
  return {
    url,
    port,
    async close() {
      stopping ??= stop();
      await stopping;
    },
  };
}

/**
 * Returns a function that closes every connection without a request in flight. Node's own
 * `closeIdleConnections` leaves those open that never carried a request, as browsers and fetch open them in advance.
 */
function trackIdleSockets(server: Server): () => void {
  const inFlight = new Map<Socket, number>();
  const bytesAtLastSweep = new WeakMap<Socket, number>();
  server.on('connection', (socket) => {
    inFlight.set(socket, 0);
    socket.once('close', () => inFlight.delete(socket));
  });
  server.on('request', (request, response) => {
    const { socket } = request;
    inFlight.set(socket, (inFlight.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (inFlight.has(socket)) inFlight.set(socket, (inFlight.get(socket) ?? 1) - 1);
    });
  });
  return () => {
    for (const [socket, requests] of inFlight) {
      // Bytes since the last sweep are the beginning of a request that is not complete yet.
      const silent = bytesAtLastSweep.get(socket) === socket.bytesRead;
      bytesAtLastSweep.set(socket, socket.bytesRead);
      if (requests === 0 && silent) socket.destroySoon();
    }
  };
}

/**
 * Stops the server on SIGTERM, SIGINT, or when the parent process that forked this one is gone, then ends
 * the process. For `main.ts` only.
 */
export function closeOnSignal(listening: Pick<Listening, 'close'>, logger: Logger): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    logger.info(`stopping: ${why}`);
    listening
      .close()
      .then(shutdownLogs)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          logger.error({ error }, 'could not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  if (process.connected) process.on('disconnect', () => stop('the parent process is gone'));
}
