/**
 * Retry: may a request that failed be sent again?
 *
 * in: how far it came → out: whether another try can do no harm
 *
 * Rule: what never left may be sent again, whatever it is: the connection was not made. What left on a connection that had been used
 * before and was closed without a byte of an answer was most likely never read (the server closed an idle connection just
 * then): it may be sent again if it is idempotent. Everything else may have been done already, and is answered 502.
 * When it misleads: a PUT that was done, and whose server died before its answer, is done twice. Idempotent means that this is no harm.
 * Source: RFC 9110 (2022), 9.2.2 "Idempotent Methods"; RFC 9112 (2022), 9.3.1 "Retrying Requests".
 *
 *   mayRetry({ connected: false, reused: false, method: 'POST', bodyKept: true, tries: 1 }) // true: nothing was sent
 */
export interface FailedSend {
  /** Whether the connection stood. */
  readonly connected: boolean;
  /** Whether the connection had carried a request before. */
  readonly reused: boolean;
  readonly method: string;
  /** Whether the body can be sent once more. */
  readonly bodyKept: boolean;
  /** How often it was tried. */
  readonly tries: number;
}

/** A dead backend, a stale connection to the other one, and one more. */
const MOST_TRIES = 4;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']);

export function mayRetry({ connected, reused, method, bodyKept, tries }: FailedSend): boolean {
  if (tries >= MOST_TRIES) return false;
  if (!connected) return true;
  return reused && bodyKept && IDEMPOTENT.has(method);
}
