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

/** Totals since each service started. */
export interface Totals {
  readonly predictions: number;
  readonly modelAnswers: number;
  readonly baseRateAnswers: number;
  readonly boardErrors: number;
  readonly p95LatencyMs: number | undefined;
  readonly metricsScraped: number;
  readonly logLines: number;
  readonly anomalies: number;
}

export interface Observation {
  readonly at: number;
  readonly replay?: Replay;
  readonly latest?: Departure;
  readonly model?: { readonly version: string };
  /** The board's release. */
  readonly board?: { readonly version: string; readonly commit: string };
  readonly drift?: Drift;
  /** Oldest first. */
  readonly days?: readonly ModelDay[];
  readonly attempts?: readonly Attempt[];
  readonly signals?: readonly Signal[];
  readonly incidents?: readonly Incident[];
  readonly totals: Partial<Totals>;
}
