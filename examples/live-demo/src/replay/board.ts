/**
 * Board client: sends one event to flights-api, and keeps trying while the board is away.
 *
 * Rule: at least once. Silence, 429 and 5xx are tried again without end, with growing pauses: nothing is skipped. The board's
 * writes are idempotent, so a repeated one changes nothing. A refusal (other 4xx) will not get better: it is reported.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Departure, Landing } from 'mlops-demo';
import { outgoingHeaders, withNewTrace } from 'service-chassis';
import type { ReplayEvent } from './schedule.js';

export type Delivery =
  | { kind: 'stored'; fresh: boolean }
  | { kind: 'refused'; because: string }
  | { kind: 'given-up'; because: string };

type Answer = { kind: 'answered'; status: number; detail: string } | { kind: 'silent'; because: string };

export interface BoardOptions {
  readonly url: string;
  /** Told each time the board is away, and undefined when it is back. */
  readonly onAway: (because: string | undefined) => void;
  /** Ends the waiting when the replay stops. */
  readonly signal: AbortSignal;
}

export interface Board {
  deliver(event: ReplayEvent): Promise<Delivery>;
}

const ANSWER_TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

export function createBoard(options: BoardOptions): Board {
  async function deliver(event: ReplayEvent): Promise<Delivery> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const answer = await withNewTrace(async () => send(options, event));
      const temporary = whyTemporary(answer);
      if (temporary === undefined) {
        options.onAway(undefined);
        return settle(event, answer as Answer & { kind: 'answered' });
      }
      if (options.signal.aborted) return { kind: 'given-up', because: temporary };
      options.onAway(temporary);
      await sleep(pauseMs, undefined, { signal: options.signal }).catch(() => undefined);
    }
  }

  async function settle(event: ReplayEvent, answer: Answer & { kind: 'answered' }): Promise<Delivery> {
    if (answer.status < 300) return { kind: 'stored', fresh: answer.status === 201 };
    // The board forgot the departure (its database was replaced): tell it again, then the outcome.
    if (event.kind === 'outcome' && answer.status === 404) {
      const again = await deliver({ kind: 'departure', at: event.at, flight: event.flight });
      return again.kind === 'stored' ? deliver(event) : again;
    }
    return { kind: 'refused', because: `${answer.status}: ${answer.detail}` };
  }

  return { deliver };
}

function whyTemporary(answer: Answer): string | undefined {
  if (answer.kind === 'silent') return answer.because;
  const { status, detail } = answer;
  return status >= 500 || status === 429 || status === 408 ? `it answers ${status} (${detail})` : undefined;
}

async function send({ url }: BoardOptions, event: ReplayEvent): Promise<Answer> {
  const [method, path, body] = requestOf(event);
  try {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...outgoingHeaders() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const text = await response.text();
    return { kind: 'answered', status: response.status, detail: response.ok ? '' : detailOf(text) };
  } catch (error) {
    return { kind: 'silent', because: reasonOf(error) };
  }
}

function requestOf(event: ReplayEvent): [method: string, path: string, body: object] {
  if (event.kind === 'departure') return ['POST', '/v1/flights', departureOf(event.flight)];
  const path = `/v1/flights/${encodeURIComponent(event.flight.flightId)}/outcome`;
  return ['PUT', path, { delayMinutes: event.flight.delayMinutes, landedAt: event.flight.landedAt }];
}

/** What is known at departure. The delay is not. */
function departureOf(flight: Landing): Departure {
  const { flightId, origin, destination, departedAt, distanceMiles } = flight;
  return { flightId, origin, destination, departedAt, distanceMiles };
}

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `it did not answer within ${ANSWER_TIMEOUT_MS} ms`;
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  return `it cannot be reached (${cause?.code ?? error.message})`;
}
