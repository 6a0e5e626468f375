/**
 * Ships log lines to a collector as OTLP/HTTP JSON.
 *
 * in: one JSON log line (as pino writes it) → out: POST of an ExportLogsServiceRequest, in batches.
 * Logging must never slow or stop a service, so the queue is bounded: when the collector is away for
 * long, the oldest lines are dropped, counted, and the loss is told when the collector is back.
 * Source: OpenTelemetry protocol 1.x, https://opentelemetry.io/docs/specs/otlp/#otlphttp.
 */

/** Severity numbers of the OpenTelemetry log data model, by pino level. */
const SEVERITY_NUMBER: Record<string, number> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
};
const FLUSH_EVERY_MS = 1_000;
const BATCH_RECORDS = 500;
const QUEUE_RECORDS = 10_000;
const POST_TIMEOUT_MS = 2_000;

type AnyValue =
  { stringValue: string } | { boolValue: boolean } | { doubleValue: number } | { intValue: string };
interface Attribute {
  key: string;
  value: AnyValue;
}
/** One record of the OpenTelemetry log data model, in its JSON form. */
export interface LogRecord {
  timeUnixNano: string;
  severityNumber: number;
  severityText: string;
  body: { stringValue: string };
  attributes: Attribute[];
  traceId?: string;
  spanId?: string;
}

/** A place to write log lines to; `flush` sends what waits, `close` also stops the timer. */
export interface OtlpShipper {
  write(line: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const NOT_ATTRIBUTES = new Set([
  '@timestamp',
  'log.level',
  'message',
  'trace.id',
  'span.id',
  'ecs.version',
  'service.name',
  'service.version',
]);

/** The field of log lines about injected faults (faults.ts). They stay in the service's own log. */
export const TRUTH_FIELD = 'fault';

/**
 * Turns a JSON log line with ECS field names into an OTLP log record.
 *
 * @returns undefined when the line is not a JSON object, or tells of an injected fault: whoever looks for the cause must not
 * read the answer.
 */
export function toLogRecord(line: string): LogRecord | undefined {
  const fields = parseObject(line);
  if (fields === undefined || TRUTH_FIELD in fields) return undefined;
  const level = typeof fields['log.level'] === 'string' ? fields['log.level'] : 'info';
  const atMs = Date.parse(String(fields['@timestamp']));
  const record: LogRecord = {
    timeUnixNano: `${Number.isNaN(atMs) ? 0 : atMs}000000`,
    severityNumber: SEVERITY_NUMBER[level] ?? 9,
    severityText: level.toUpperCase(),
    body: { stringValue: typeof fields['message'] === 'string' ? fields['message'] : '' },
    attributes: Object.entries(fields)
      .filter(([key, value]) => !NOT_ATTRIBUTES.has(key) && value !== null && value !== undefined)
      .map(([key, value]) => ({ key, value: toAnyValue(value) })),
  };
  if (typeof fields['trace.id'] === 'string') record.traceId = fields['trace.id'];
  if (typeof fields['span.id'] === 'string') record.spanId = fields['span.id'];
  return record;
}

/** Starts shipping to `url` on behalf of `service`. Failures are silent to the service, and counted. */
export function createOtlpShipper(options: { url: string; service: string; version: string }): OtlpShipper {
  let queue: LogRecord[] = [];
  let dropped = 0;
  let sending: Promise<void> | undefined;
  const timer = setInterval(() => void flush(), FLUSH_EVERY_MS);
  timer.unref();

  async function send(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH_RECORDS);
      if (!(await post(options, dropped === 0 ? batch : [...batch, lossRecord(dropped)]))) return;
      dropped = 0;
      queue = queue.slice(batch.length);
    }
  }

  async function flush(): Promise<void> {
    sending ??= send().finally(() => {
      sending = undefined;
    });
    return sending;
  }

  return {
    write(line) {
      const record = toLogRecord(line);
      if (record === undefined) return;
      if (queue.length >= QUEUE_RECORDS && sending === undefined) {
        queue.shift();
        dropped += 1;
      } else if (queue.length >= QUEUE_RECORDS) {
        dropped += 1;
        return;
      }
      queue.push(record);
    },
    flush,
    async close() {
      clearInterval(timer);
      await flush();
    },
  };
}

async function post(
  options: { url: string; service: string; version: string },
  logRecords: LogRecord[],
): Promise<boolean> {
  const resource = {
    attributes: [
      { key: 'service.name', value: { stringValue: options.service } },
      { key: 'service.version', value: { stringValue: options.version } },
    ],
  };
  const body = JSON.stringify({
    resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'pino' }, logRecords }] }],
  });
  try {
    const response = await fetch(options.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(POST_TIMEOUT_MS),
    });
    await response.arrayBuffer();
    // A 4xx will not get better by trying again: give the batch up rather than block the queue.
    return response.ok || (response.status >= 400 && response.status < 500 && response.status !== 429);
  } catch {
    return false;
  }
}

function lossRecord(dropped: number): LogRecord {
  return {
    timeUnixNano: `${Date.now()}000000`,
    severityNumber: 13,
    severityText: 'WARN',
    body: { stringValue: `log shipping dropped ${dropped} lines while the collector was away` },
    attributes: [],
  };
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function toAnyValue(value: unknown): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return { stringValue: JSON.stringify(value) };
}
