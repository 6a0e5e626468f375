/** One alert, whoever raised it: an own detector, Alertmanager, a new log line, a model monitor, a deployment. */
export interface Alert {
  /** The same for the same trouble, however often it is told. */
  readonly fingerprint: string;
  readonly source: 'detector' | 'alertmanager' | 'log-novelty' | 'model-monitor' | 'deployment';
  readonly service: string;
  /** What kind of trouble, as its rule is called: `HighErrorRate`. */
  readonly name: string;
  /** For a person. */
  readonly text: string;
  readonly severity: AlertSeverity;
  readonly status: 'firing' | 'resolved';
  /** Milliseconds since 1970 when the trouble began, not when the alert arrived. */
  readonly at: number;
}

export type AlertSeverity = 'critical' | 'warning' | 'info';
