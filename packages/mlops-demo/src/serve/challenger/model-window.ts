/**
 * Model window: what one model did during one observation window, as the analysis of a canary wants it.
 *
 * in:  flights judged or failed, batches scored → out: VersionMeasurements
 *
 * Rule: a request is a flight, a failure one for which the model had no probability. Latency is the time of scoring a batch: both models score
 * all flights, one to answer and one in its shadow, so their batches are alike. The two share one process, so its lag, its
 * memory and its log are the same on both sides; the checks of those pass as they must.
 *
 * When it misleads: a challenger that slows the whole process slows the champion with it. The alerts on the server's own latency are for that.
 */
import type { LatencyBucket, VersionMeasurements } from 'devops-demo/analysis';

/** What the process that both share did. */
export interface ProcessReading {
  eventLoopLagSeconds: number;
  residentBytes: number;
}

/** A pass of 64 rows takes some hundred microseconds; each bound is a quarter above the one before. */
const BOUNDS = Array.from({ length: 48 }, (_, power) => 20e-6 * 1.25 ** power);

export class ModelWindow {
  #requests = 0;
  #failures = 0;
  readonly #batches = Array.from({ length: BOUNDS.length + 1 }, () => 0);

  judged(isFailure: boolean): void {
    this.#requests += 1;
    if (isFailure) this.#failures += 1;
  }

  scored(seconds: number): void {
    const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
    this.#batches[bucket < 0 ? BOUNDS.length : bucket]! += 1;
  }

  measurements(version: string, { eventLoopLagSeconds, residentBytes }: ProcessReading): VersionMeasurements {
    let count = 0;
    const latency = [...BOUNDS, Infinity].map((upToSeconds, bucket): LatencyBucket => {
      count += this.#batches[bucket]!;
      return { upToSeconds, count };
    });
    return {
      version,
      requests: this.#requests,
      failures: this.#failures,
      latency,
      saturation: { eventLoopLagSeconds, residentBytes, residentBytesPerSecond: 0 },
      newLogTemplates: [],
      restarts: 0,
    };
  }
}
