/** One log line with what is known about it, wherever it came from: OTLP or a file. */
export interface LogRecord {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** `service.name` of the sender. */
  readonly service: string;
  readonly severity: Severity;
  readonly body: string;
  readonly traceId?: string;
}

/** The OpenTelemetry severity ranges, mildest first. */
export const SEVERITIES = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** `isAtLeast('ERROR', 'WARN')` is true. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}
