/**
 * Shell: gets a text over HTTP, with a deadline and a size limit. What goes wrong is a value, not an exception.
 *
 * Where: at the very beginning of collect; both sources (prometheus-source.ts, scrape-source.ts) ask through it.
 * in: an address and limits → out: Fetched
 *
 * The limits are there because the other side may be the very service that is broken: it hangs, or answers
 * without end.
 */

/** `answered`: it spoke HTTP, so it lives, though not what was asked for. */
export type Fetched = { ok: true; text: string } | { ok: false; because: string; answered?: boolean };

/** `deadline` ends the request; several requests may share one. */
export type FetchText = (
  url: string,
  limits: { deadline: AbortSignal; maxBytes: number },
) => Promise<Fetched>;

/** Enough of an error's body to say what is wrong. */
const QUOTED_CHARACTERS = 200;

export const fetchText: FetchText = async (url, { deadline, maxBytes }) => {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, { signal: deadline, redirect: 'error' });
    const text = await readAtMost(response, maxBytes);
    if (text === undefined)
      return { ok: false, answered: true, because: `${host} answered more than ${maxBytes} bytes` };
    if (response.ok) return { ok: true, text };
    const quoted = text.slice(0, QUOTED_CHARACTERS).trim();
    return {
      ok: false,
      answered: true,
      because: `${host} answered ${response.status}${quoted === '' ? '' : `: ${quoted}`}`,
    };
  } catch (error) {
    return { ok: false, because: `${host} ${reasonOf(error, deadline)}` };
  }
};

async function readAtMost(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return undefined; // Leaving the loop closes the connection.
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reasonOf(error: unknown, deadline: AbortSignal): string {
  if (deadline.aborted) return 'did not answer in time';
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused the connection';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'has no known address';
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return 'broke off the connection';
    default:
      return `failed: ${code === '' ? String(error) : code}`;
  }
}
