/**
 * Model window: what one model did during one observation window.
 *
 * in:  flights judged or failed, batches scored → out: WindowCounts, and VersionMeasurements as the analysis of a release wants them
 *
 * Rule: only what can be laid at this model's door. A request is a flight; a failure one for which the model had no probability; latency is
 * its own compute time per flight, one value a batch. The lag, memory and log of the process are not here: both models share them.
 *
 * When it misleads: a batch of one flight costs a hundred times as much per flight as one of 64. Both models judge every flight, so their
 * batches are alike, and not equal.
 */
import type { LatencyBucket, VersionMeasurements } from 'devops-demo/analysis';

/** From a flight in a full batch, some microseconds, to a second; each bound is a quarter above the one before. */
const BOUNDS = Array.from({ length: 63 }, (_, power) => 1e-6 * 1.25 ** power);
export const BUCKETS = BOUNDS.length + 1;

/** What a window has counted; as plain data, so that it outlives the process. */
export interface WindowCounts {
  requests: number;
  failures: number;
  /** Batches by compute time per flight. */
  batches: number[];
}

export class ModelWindow {
  readonly counts: WindowCounts;

  constructor(
    counts: WindowCounts = { requests: 0, failures: 0, batches: Array.from({ length: BUCKETS }, () => 0) },
  ) {
    this.counts = counts;
  }

  judged(isFailure: boolean): void {
    this.counts.requests += 1;
    if (isFailure) this.counts.failures += 1;
  }

  scored(seconds: number, rows: number): void {
    const bucket = BOUNDS.findIndex((bound) => seconds / rows <= bound);
    this.counts.batches[bucket < 0 ? BOUNDS.length : bucket]! += 1;
  }
}

export function measurementsOf(
  { requests, failures, batches }: WindowCounts,
  version: string,
): VersionMeasurements {
  let count = 0;
  const latency = [...BOUNDS, Infinity].map((upToSeconds, bucket): LatencyBucket => {
    count += batches[bucket] ?? 0;
    return { upToSeconds, count };
  });
  return {
    version,
    requests,
    failures,
    latency,
    saturation: { eventLoopLagSeconds: null, residentBytes: null, residentBytesPerSecond: null },
    newLogTemplates: [],
    restarts: 0,
  };
}
