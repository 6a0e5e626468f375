/**
 * Failed try: why one request to the model server came to nothing.
 *
 * in: whatever was thrown → out: FailedTry, with its kind for the metrics and a sentence for the flight
 *
 * Rule: `refused` is about the one flight (400, 422): asking again gives the same answer, and the server is well. All other
 * kinds count against the server.
 *
 *   asFailedTry(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })).message
 *   // 'the model server cannot be reached (ECONNREFUSED)'
 */
import { reasonOf } from 'service-chassis/reason-of';

export type FailureKind = 'timeout' | 'error' | 'refused' | 'nonsense';

const ABOUT_THE_FLIGHT = new Set([400, 422]);

export class FailedTry extends Error {
  override readonly name = 'FailedTry';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, because: string) {
    super(because);
    this.kind = kind;
  }
}

export function badStatus(status: number): FailedTry {
  return new FailedTry(
    ABOUT_THE_FLIGHT.has(status) ? 'refused' : 'error',
    `the model server answered ${status}`,
  );
}

export function asFailedTry(error: unknown): FailedTry {
  if (error instanceof FailedTry) return error;
  return new FailedTry('error', `the model server cannot be reached (${reasonOf(error)})`);
}

/** Says whether trying again may help, and whether the failure counts against the server. */
export function isServersFault(error: unknown): boolean {
  return !(error instanceof FailedTry && error.kind === 'refused');
}
