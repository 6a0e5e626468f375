/** What the analysis is given, and what it answers. */

/** What one version did during one observation window. */
export interface VersionMeasurements {
  readonly version: string;
  /** Answered in the window; health and metrics routes are not counted. */
  readonly requests: number;
  /** Of them answered 5xx or abandoned. */
  readonly failures: number;
  /** Increase of a cumulative histogram; the last `upToSeconds` is Infinity. */
  readonly latency: readonly LatencyBucket[];
  /** Null where it was not measured. */
  readonly saturation: {
    readonly eventLoopLagSeconds: number | null;
    readonly residentBytes: number | null;
    readonly residentBytesPerSecond: number | null;
  };
  /** Log templates that the primary has never said. */
  readonly newLogTemplates: readonly LogTemplate[];
  /** Process deaths in the window. */
  readonly restarts: number;
  /** How long it has not answered its probe, at the end of the window; absent is 0. */
  readonly silentSeconds?: number;
  /** What it was asked for; absent where that is not counted. */
  readonly routes?: readonly RouteCount[];
}

/** A method and a path template, like `PUT /v1/flights/:flightId/outcome`. */
export interface RouteCount {
  readonly route: string;
  readonly requests: number;
}

export interface LatencyBucket {
  readonly upToSeconds: number;
  /** Answers that took at most this long. */
  readonly count: number;
}

export interface LogTemplate {
  readonly template: string;
  readonly severity: string;
  readonly count: number;
}

/** How warm the younger process is. */
export interface WarmUp {
  /** Since when both are warm, on the clock of the readings; null while one is cold. What a window holds of speed was measured since then. */
  readonly from: number | null;
  /** Of the process that is cold; of the canary's when none is. */
  readonly answers: number;
  readonly leastAnswers: number;
  readonly leastSeconds: number;
}

/** The same span of time, seen at both versions. */
export interface CanaryWindow {
  readonly primary: VersionMeasurements;
  readonly canary: VersionMeasurements;
  readonly seconds: number;
  /** Of them, those whose windows tell how the canary's memory grows; all, where it is absent. */
  readonly growthSeconds?: number;
  /** Absent where processes do not tell how old they are: then the first window of a run is the warm-up. */
  readonly warmUp?: WarmUp;
}

export type VerdictKind = 'pass' | 'fail' | 'inconclusive';

export interface CheckResult {
  readonly check: string;
  readonly kind: VerdictKind;
  /** One sentence, with its numbers. */
  readonly because: string;
  readonly numbers: Record<string, number>;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly because: string;
  readonly checks: readonly CheckResult[];
}
