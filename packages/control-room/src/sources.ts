/**
 * Sources (shell): asks the parts once a second and keeps what they say.
 *
 * Rounds never overlap: the next begins a second after the last began, and not before it has ended. A part that
 * hangs costs its timeout, which is shorter than a round, and the others are heard in time.
 */
import { hear } from './hearing.js';
import type { Hearing, Reply } from './hearing.js';
import type { PartName } from './parts.js';
import { questionIds, questions } from './questions.js';
import type { QuestionId } from './questions.js';

const ROUND_MS = 1_000;
const TIMEOUT_MS = 800;
/** About four times the largest answer seen: all signals of aiops with ten minutes of points. */
const LARGEST_ANSWER_BYTES = 2_000_000;

export interface SourceOptions {
  urls: Record<PartName, string>;
  /** Called after each round with all that is known then. */
  onRound: (hearing: Hearing, now: number) => void;
  onReply?: (id: QuestionId, reply: Reply) => void;
  roundMs?: number;
  timeoutMs?: number;
}

export interface Sources {
  stop(): Promise<void>;
}

export function startSources(options: SourceOptions): Sources {
  const { urls, onRound, onReply, roundMs = ROUND_MS, timeoutMs = TIMEOUT_MS } = options;
  const stopping = new AbortController();

  async function askRound(round: number, before: Hearing): Promise<Hearing> {
    const due = questionIds.filter((id) => isDue(id, round, before));
    const replies = await Promise.all(
      due.map(async (id) => ({ id, reply: await askOne(id, urls, timeoutMs, stopping.signal) })),
    );
    return replies.reduce((hearing, { id, reply }) => {
      onReply?.(id, reply);
      return hear(hearing, id, reply);
    }, before);
  }

  async function run(): Promise<void> {
    let hearing: Hearing = {};
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      const pause = pauseOf(roundMs, stopping.signal);
      hearing = await askRound(round, hearing);
      if (stopping.signal.aborted) return;
      onRound(hearing, Date.now());
      await pause;
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** A question whose last answer was trouble is asked every round, so that a part is seen as soon as it is up. */
function isDue(id: QuestionId, round: number, hearing: Hearing): boolean {
  return round % questions[id].everyRounds === 0 || hearing[id]?.trouble !== undefined;
}

async function askOne(
  id: QuestionId,
  urls: Record<PartName, string>,
  timeoutMs: number,
  stopping: AbortSignal,
): Promise<Reply> {
  const { part, path } = questions[id];
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(new URL(path, urls[part]), {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([stopping, timeout]),
    });
    const body: unknown = JSON.parse(await readBounded(response));
    return { kind: 'answered', at: Date.now(), status: response.status, body };
  } catch (error) {
    const because = timeout.aborted ? `no answer within ${timeoutMs} ms` : wordsFor(error, path);
    return { kind: 'failed', at: Date.now(), because };
  }
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LARGEST_ANSWER_BYTES) throw new RangeError(`more than ${LARGEST_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const CAUSES: Record<string, string> = {
  ECONNREFUSED: 'not listening',
  ECONNRESET: 'closed the connection',
  UND_ERR_SOCKET: 'closed the connection',
  ENOTFOUND: 'its host name is not known yet',
  EAI_AGAIN: 'its host name is not known yet',
};

function wordsFor(error: unknown, path: string): string {
  if (error instanceof SyntaxError) return `GET ${path} makes no sense: not JSON`;
  if (error instanceof RangeError) return `GET ${path} makes no sense: ${error.message}`;
  const { code } = ((error as { cause?: unknown } | undefined)?.cause ?? {}) as { code?: string };
  return CAUSES[code ?? ''] ?? `GET ${path} failed${code === undefined ? '' : ` (${code})`}`;
}

/** Ends early, without an error, when the sources stop. */
async function pauseOf(milliseconds: number, stopping: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      clearTimeout(timer);
      stopping.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    stopping.addEventListener('abort', done);
  });
}
