/**
 * Ask the model, and never make the board wait for long: timeout, retry, circuit breaker.
 *
 * in: Departure → out: ModelAnswer; failing is an answer too
 *
 * Rule: 300 ms for one try, one more try after a short random pause, and after 5 failed tries in a row no tries at all
 * for 5 s (the circuit is open); then one try decides whether it closes. A slow answer is a failed one, and so is one
 * that makes no sense. An answer about the one flight (400, 422) is not tried again and does not count.
 * When it misleads: the circuit belongs to this process; a second instance learns by itself.
 * Source: M. Nygard, Release It!, 2nd edition (2018), "Timeouts" and "Circuit Breaker".
 *
 *   await askModel(departure) // { kind: 'answered', probability: 0.37, modelVersion: 'm-2001-01-31' }
 *   await askModel(departure) // { kind: 'failed', because: 'the model server did not answer within 300 ms' }
 */
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, ExponentialBackoff } from 'cockatiel';
import {
  TaskCancelledError,
  TimeoutStrategy,
  circuitBreaker,
  handleWhen,
  retry,
  timeout,
  wrap,
} from 'cockatiel';
import type { ServiceOptions } from 'service-chassis';
import { FailedTry, asFailedTry, isServersFault } from './failed-try.js';
import type { Departure } from './flight.js';
import type { BoardMetrics } from './metrics.js';
import type { ModelAnswer, Prediction } from './risk.js';

/** How long the board waits, and how much failure it takes before it stops asking. */
export interface ModelLimits {
  tryTimeoutMs: number;
  failuresToOpen: number;
  halfOpenAfterMs: number;
}

const LIMITS: ModelLimits = { tryTimeoutMs: 300, failuresToOpen: 5, halfOpenAfterMs: 5_000 };
const RETRIES = 1;
const RETRY_PAUSE = { initialDelay: 20, maxDelay: 80 };
const STATE_NAMES = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Open]: 'open',
  [CircuitState.Isolated]: 'open',
} as const;

export interface AskModelOptions {
  /** Sends one request; throws FailedTry. */
  request: (departure: Departure, signal: AbortSignal) => Promise<Prediction>;
  metrics: Pick<BoardMetrics, 'startModelCall' | 'circuitWasOpen' | 'circuit'>;
  logger: ServiceOptions['logger'];
  /** Other limits than usual, for tests. */
  limits?: Partial<ModelLimits>;
}

export type AskModel = (departure: Departure) => Promise<ModelAnswer>;

export function createAskModel({ request, metrics, logger, ...options }: AskModelOptions): AskModel {
  const limits = { ...LIMITS, ...options.limits };
  const { tryTimeoutMs, failuresToOpen, halfOpenAfterMs } = limits;
  const limit = timeout(tryTimeoutMs, TimeoutStrategy.Aggressive);
  const breaker = circuitBreaker(handleWhen(isServersFault), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(failuresToOpen),
  });
  const again = retry(
    handleWhen((error) => isServersFault(error) && !(error instanceof BrokenCircuitError)),
    { maxAttempts: RETRIES, backoff: new ExponentialBackoff(RETRY_PAUSE) },
  );
  const policy = wrap(again, breaker);

  breaker.onStateChange((state) => {
    const name = STATE_NAMES[state];
    metrics.circuit(name);
    logger[name === 'open' ? 'warn' : 'info'](`circuit to the model server is ${name}`);
  });

  async function tryOnce(departure: Departure): Promise<Prediction> {
    const ended = metrics.startModelCall();
    try {
      const prediction = await limit.execute(({ signal }) => request(departure, signal));
      ended('ok');
      return prediction;
    } catch (error) {
      const failed =
        error instanceof TaskCancelledError
          ? new FailedTry('timeout', `the model server did not answer within ${tryTimeoutMs} ms`)
          : asFailedTry(error);
      ended(failed.kind === 'refused' ? 'error' : failed.kind);
      throw failed;
    }
  }

  return async (departure) => {
    try {
      return await policy.execute(() => tryOnce(departure));
    } catch (error) {
      if (!(error instanceof BrokenCircuitError))
        return { kind: 'failed', because: asFailedTry(error).message };
      metrics.circuitWasOpen();
      const because = `the circuit to the model server is open after ${failuresToOpen} failures in a row`;
      return { kind: 'failed', because };
    }
  };
}
