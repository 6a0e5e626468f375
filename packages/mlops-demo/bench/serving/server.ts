/** The model server as a process of its own, and the question what it has used. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createLogger } from 'service-chassis';
import { startModelServer } from 'mlops-demo/serving';
import { VARIANTS } from './variants.js';

export interface Usage {
  cpuSeconds: number;
  heapBytes: number;
  residentBytes: number;
}

export interface ServerProcess {
  url: string;
  usage(): Promise<Usage>;
  end(): void;
}

/** Starts a variant on a backend; ready when this returns. */
export async function startServer(
  variant: string,
  backend: string,
  modelsDir: string,
  boardUrl = '',
): Promise<ServerProcess> {
  const child = fork(import.meta.filename, [variant, backend, modelsDir, boardUrl], {
    // Log lines are written, as in a container, and go nowhere. The heap is that of docker-compose.yml.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: ['--max-old-space-size=128'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`bench: expected the server to run, it ended with ${String(code)}`);
  });
  const message = async <Message>() => ((await Promise.race([once(child, 'message'), died])) as [Message])[0];
  const url = await message<string>();
  died.catch(() => undefined);
  return {
    url,
    async usage() {
      const answer = message<Usage>();
      child.send('usage');
      return answer;
    },
    end: () => child.disconnect(),
  };
}

async function serve([name = '', backend = '', modelsDir = '', boardUrl = '']: string[]): Promise<void> {
  const variant = VARIANTS[name];
  if (variant === undefined) throw new Error(`bench: there is no variant "${name}"`);
  const { url } = await startModelServer({
    host: '127.0.0.1',
    port: 0,
    modelsDir,
    backend,
    logger: createLogger({ service: 'model-server' }),
    batchLimits: variant.limits,
    score: variant.score,
    ...(boardUrl === '' ? {} : { flightsApiUrl: boardUrl, feedPollMs: 20, trialLookMs: 50 }),
  });
  while (!(await fetch(`${url}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 50));
  process.send?.(url);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const { heapUsed, rss } = process.memoryUsage();
    process.send?.({
      cpuSeconds: (user + system) / 1e6,
      heapBytes: heapUsed,
      residentBytes: rss,
    } satisfies Usage);
  });
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[1] === import.meta.filename) await serve(process.argv.slice(2));
