/** Readiness: asks a service until it says that it can take traffic, or says why that does not happen. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child.js';

export type Readiness = { kind: 'ready' } | { kind: 'not-ready'; because: string };

const ASK_EVERY_MS = 100;
const ANSWER_TIMEOUT_MS = 2_000;

export async function askReadiness(baseUrl: string): Promise<Readiness> {
  try {
    const response = await fetch(`${baseUrl}/readyz`, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? { kind: 'ready' } : { kind: 'not-ready', because: reasonsIn(text) };
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return { kind: 'not-ready', because: cause?.code ?? (error as Error).message };
  }
}

export async function untilReady(
  baseUrl: string,
  child: Pick<Child, 'ended'>,
  patienceMs: number,
): Promise<Readiness> {
  const deadline = Date.now() + patienceMs;
  let ending: string | undefined;
  void child.ended.then(({ how }) => (ending = how));
  for (;;) {
    const readiness = await askReadiness(baseUrl);
    // First its end: a stranger on the same port answers too.
    if (ending !== undefined) return { kind: 'not-ready', because: `it ended with ${ending}` };
    if (readiness.kind === 'ready') return readiness;
    if (Date.now() > deadline) {
      return { kind: 'not-ready', because: `not ready within ${patienceMs / 1_000} s: ${readiness.because}` };
    }
    await sleep(ASK_EVERY_MS);
  }
}

/** `{"checks":{"database":"ok","model":"no model yet"}}` becomes `model: no model yet`. */
function reasonsIn(text: string): string {
  try {
    const { checks = {} } = JSON.parse(text) as { checks?: Record<string, string> };
    const failing = Object.entries(checks).filter(([, result]) => result !== 'ok');
    return failing.map(([name, result]) => `${name}: ${result}`).join('; ') || text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
