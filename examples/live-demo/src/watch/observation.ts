/** What the demo knows about the running system at one moment. Every part may be silent: then its piece is undefined. */

export interface Departure {
  readonly flightId: string;
  readonly origin: string;
  readonly destination: string;
  readonly departedAt: string;
  readonly risk: {
    readonly probability: number;
    readonly source: string;
    readonly degraded: boolean;
    readonly modelVersion: string | null;
  };
}

export interface Incident {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly title: string;
  readonly openedAt: string;
  readonly closedAt: string | null;
  readonly causes: readonly { readonly service: string; readonly score: number }[];
}

export interface Signal {
  readonly id: string;
  readonly service: string;
  readonly title: string;
  readonly state: 'learning' | 'normal' | 'anomalous';
  readonly because: string;
}

export interface Replay {
  readonly simulatedTime: string;
  readonly flights: number;
  readonly outcomes: number;
  readonly state: string;
  readonly because: string;
}

export interface DeliveryStage {
  readonly name: string;
  readonly state: string;
  readonly because: string;
}

export interface Drift {
  readonly psi: number | null;
  readonly verdict: string;
  readonly because: string;
}

/** A step of a retraining; `at` is the flights' own time. */
export interface RetrainStep {
  readonly at: string;
  readonly to: string;
  readonly because: string;
}

export interface Attempt {
  readonly version?: string;
  readonly steps?: readonly RetrainStep[];
}

/** A local day as the model in production saw it. */
export interface ModelDay {
  readonly from: string;
  readonly complete: boolean;
  readonly diagnosis: { readonly state: string };
  readonly quality: {
    readonly checks: readonly { readonly name: string; readonly state: string; readonly because: string }[];
  };
  readonly performance: {
    readonly landed: number;
    readonly auc: number | null;
    readonly skill: number | null;
  };
}

export const COUNTERS = [
  'predictions',
  'modelAnswers',
  'baseRateAnswers',
  'boardErrors',
  'metricsScraped',
  'logLines',
  'anomalies',
] as const;
export type Counter = (typeof COUNTERS)[number];

/** Since it began, by labels: `{ 'model_version=v1': 28962, 'model_version=v2': 700 }`. */
export type Series = Readonly<Record<string, number>>;

/** Of this run. */
export type Totals = Readonly<Record<Counter, number>> & { readonly p95LatencyMs: number | undefined };

export interface Observation {
  readonly at: number;
  readonly replay?: Replay;
  readonly latest?: Departure;
  readonly model?: { readonly version: string };
  /** The board's release. */
  readonly board?: { readonly version: string; readonly commit: string };
  /** Of the board: how its delivery pipeline stands. */
  readonly delivery?: readonly DeliveryStage[];
  readonly drift?: Drift;
  /** Oldest first. */
  readonly days?: readonly ModelDay[];
  readonly attempts?: readonly Attempt[];
  readonly signals?: readonly Signal[];
  readonly incidents?: readonly Incident[];
  readonly counts: Readonly<Partial<Record<Counter, Series>>>;
  readonly p95LatencyMs?: number | undefined;
}
