/**
 * aiops client (shell): tells aiops-demo what happens to a release, so that a change counts when a cause is looked for.
 *
 * Rule: only where AIOPS_URL and TRIOPS_TOKEN are set, and never in the way: aiops-demo may be away, and the release goes on.
 */
import type { AuditEntry } from '../../audit.js';

const PATIENCE_MS = 1_000;
const LONGEST_TEXT = 300;

export interface AiopsAddress {
  readonly url: string;
  readonly token: string;
}

/** Undefined where nobody is to be told. */
export function aiopsAddress(env: {
  AIOPS_URL?: string | undefined;
  TRIOPS_TOKEN?: string | undefined;
}): AiopsAddress | undefined {
  const { AIOPS_URL: url, TRIOPS_TOKEN: token } = env;
  return url === undefined || token === undefined ? undefined : { url, token };
}

/** @returns undefined when it was told, else why not. */
export async function tellAiops(
  { url, token }: AiopsAddress,
  { at, action, subject, because }: AuditEntry,
): Promise<string | undefined> {
  const [service] = subject.split(' ');
  const what = `${action} ${subject}: ${because}`.slice(0, LONGEST_TEXT);
  try {
    const response = await fetch(`${url}/v1/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ service, what, at }),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `aiops-demo answered ${response.status}`;
  } catch {
    return 'aiops-demo is away';
  }
}
