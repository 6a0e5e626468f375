/**
 * Trains in a process of its own, so that the server keeps its memory and answers in time.
 *
 * Rule: the child is `mlops retrain --train-only`; its last line on standard output is what came of it, as JSON. It runs at low
 * priority. A child whose server was killed ends by itself, and what it has trained is found in the cache.
 */
import { spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { AttemptNews } from '../attempt.js';

type TrainedNews = AttemptNews & { what: 'trained' };

const MAIN = fileURLToPath(new URL('../../cli.js', import.meta.url));
/** 750,000 flights as columns, and what working on them takes; the rows of inputs are on disk. */
const HEAP_MB = 512;
const LOW_PRIORITY = 10;
const LAST_WORDS = 10_000;
/** How this program, and Node itself, begin the line that says why they end. */
const REASON = /^(?:mlops: |FATAL ERROR: |\w*Error: )/;

const trainedSchema = z.discriminatedUnion('state', [
  z.object({
    what: z.literal('trained'),
    state: z.literal('registered'),
    version: z.string(),
    champion: z.string().nullable(),
    because: z.string(),
  }),
  z.object({ what: z.literal('trained'), state: z.literal('refused'), because: z.string() }),
]);

export interface Child {
  ended: Promise<TrainedNews>;
  stop(): void;
}

export function trainInChild(modelsDir: string, dataThrough: string, at: string): Child {
  const args = ['retrain', '--train-only', '--through', dataThrough, '--at', at, '--out', modelsDir];
  const child = spawn(process.execPath, [`--max-old-space-size=${HEAP_MB}`, MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) setPriority(child.pid, LOW_PRIORITY);
  let [out, wrong] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out = (out + chunk.toString()).slice(-LAST_WORDS)));
  child.stderr.on('data', (chunk: Buffer) => (wrong = (wrong + chunk.toString()).slice(-LAST_WORDS)));
  const ended = new Promise<TrainedNews>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      try {
        resolve(trainedSchema.parse(JSON.parse(out.trim().split('\n').at(-1) ?? '')));
      } catch {
        reject(new Error(`exit ${code ?? signal}: ${whatWentWrong(wrong)}`));
      }
    });
  });
  return { ended, stop: () => void child.kill() };
}

/** Of all that a process has said, the line that says why it ended: usage texts and stack traces may follow it. */
export function whatWentWrong(said: string): string {
  const lines = said.trim().split('\n');
  const reason = lines.findLast((line) => REASON.test(line)) ?? lines.at(-1) ?? '';
  return reason.replace(/^mlops: /, '');
}
