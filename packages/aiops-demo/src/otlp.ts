/**
 * OTLP logs: the JSON form of an ExportLogsServiceRequest becomes log records.
 *
 * in: a parsed JSON body → out: LogRecord[], and how many records were rejected and why
 *
 * Rule: an envelope that is not OTLP is refused whole, naming the field; a single record that is not is
 * rejected and counted, the others are kept. Unknown fields are ignored, as the protocol asks.
 * When it misleads: a structured body becomes text (`message` if there is one, else `key=value …`).
 * Source: OpenTelemetry protocol 1.5 (OTLP/HTTP, partial success) and log data model, https://opentelemetry.io/docs/specs/.
 *
 *   decodeLogs({ resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'hi' } }] }] }] }, 1_000)
 *   // { records: [{ at: 1000, service: 'unknown_service', severity: 'INFO', body: 'hi' }], rejected: 0, because: '' }
 */
import { problem, validate } from 'service-chassis';
import { z } from 'zod';
import { SEVERITIES } from './log-record.js';
import type { LogRecord, Severity } from './log-record.js';

export interface DecodedLogs {
  readonly records: readonly LogRecord[];
  readonly rejected: number;
  /** Why records were rejected: the first reason, empty when none was. */
  readonly because: string;
}

/** A body deeper than this is shown as `…`; text for reading has no use for more. */
const DEEPEST_BODY = 4;
const LONGEST_NAME_CHARS = 100;
/** Clustering looks at less than this, so the rest need not be kept. */
const LONGEST_TEXT_CHARS = 8_192;
const NANOS_PER_MS = 1_000_000n;

const attribute = z.object({ key: z.string(), value: z.unknown() });
const envelope = z.object({
  resourceLogs: z
    .array(
      z.object({
        resource: z.object({ attributes: z.array(attribute).optional() }).nullish(),
        scopeLogs: z.array(z.object({ logRecords: z.array(z.unknown()).optional() })).optional(),
      }),
    )
    .optional(),
});

const nanoseconds = z
  .union([z.string().regex(/^\d{1,20}$/, 'send nanoseconds since 1970 as a decimal string'), z.int().min(0)])
  .optional();
const logRecord = z.object({
  timeUnixNano: nanoseconds,
  observedTimeUnixNano: nanoseconds,
  severityNumber: z.int().min(0).max(24).optional(),
  severityText: z.string().optional(),
  body: z.unknown().optional(),
  traceId: z.string().optional(),
});

/**
 * Decodes a request body.
 *
 * @throws {Problem} 422 when the body is not an ExportLogsServiceRequest.
 */
export function decodeLogs(body: unknown, now: number): DecodedLogs {
  refuseOtherSignals(body);
  const { resourceLogs = [] } = validate(envelope, body);
  const records: LogRecord[] = [];
  const reasons: string[] = [];
  for (const { resource, scopeLogs = [] } of resourceLogs) {
    const service = serviceName(resource?.attributes);
    for (const candidate of scopeLogs.flatMap(({ logRecords = [] }) => logRecords)) {
      const decoded = decodeRecord(candidate, service, now);
      if (typeof decoded === 'string') reasons.push(decoded);
      else records.push(decoded);
    }
  }
  return { records, rejected: reasons.length, because: reasons[0] ?? '' };
}

/** A JSON object without `resourceLogs` is an empty request only if it is empty. */
function refuseOtherSignals(body: unknown): void {
  const fields = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  if (fields.length === 0 || fields.includes('resourceLogs')) return;
  const isOtherSignal = fields.includes('resourceSpans') || fields.includes('resourceMetrics');
  const what = isOtherSignal ? 'These are traces or metrics' : 'This is not an OTLP logs request';
  throw problem(422, 'Not OTLP logs', `${what}: resourceLogs is missing.`, {
    errors: [
      {
        field: 'resourceLogs',
        fix: 'send an OTLP ExportLogsServiceRequest: {"resourceLogs": [{"scopeLogs": …}]}',
      },
    ],
  });
}

function decodeRecord(candidate: unknown, service: string, now: number): LogRecord | string {
  const parsed = logRecord.safeParse(candidate);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return `${issue?.path.join('.') || 'logRecord'}: ${issue?.message ?? 'not a log record'}`;
  }
  const { timeUnixNano, observedTimeUnixNano, severityNumber, severityText, body, traceId } = parsed.data;
  const text = body === undefined || body === null ? '' : textOf(body, DEEPEST_BODY);
  if (text === undefined) return 'body: expected an AnyValue such as {"stringValue": "…"}';
  return {
    at: milliseconds(timeUnixNano) ?? milliseconds(observedTimeUnixNano) ?? now,
    service,
    severity: severityOf(severityNumber, severityText),
    body: text.slice(0, LONGEST_TEXT_CHARS),
    ...(traceId !== undefined && /^[0-9a-f]{32}$/i.test(traceId) ? { traceId } : {}),
  };
}

/** 0 means "not known" in OTLP. */
function milliseconds(nanos: string | number | undefined): number | undefined {
  if (nanos === undefined || Number(nanos) === 0) return undefined;
  return Number(BigInt(nanos) / NANOS_PER_MS);
}

/** Numbers 1-4 are TRACE, 5-8 DEBUG, and so on; 0 is "not known". */
function severityOf(number = 0, text = ''): Severity {
  if (number > 0) return SEVERITIES[Math.floor((number - 1) / 4)] ?? 'INFO';
  return SEVERITIES.find((severity) => severity === text.toUpperCase()) ?? 'INFO';
}

function serviceName(attributes: readonly z.infer<typeof attribute>[] = []): string {
  const named = attributes.find(({ key }) => key === 'service.name');
  const name = named === undefined ? '' : (textOf(named.value, 1) ?? '');
  return printable(name).slice(0, LONGEST_NAME_CHARS) || 'unknown_service';
}

/** Control characters and broken Unicode do not belong in a name, and PostgreSQL takes neither. */
function printable(name: string): string {
  return name.replaceAll(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
}

/** The text of an OTLP AnyValue; undefined when it is none. */
function textOf(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } =
    value as Record<string, unknown>;
  const scalar = stringValue ?? boolValue ?? intValue ?? doubleValue ?? bytesValue;
  if (typeof scalar === 'string' || typeof scalar === 'number' || typeof scalar === 'boolean')
    return String(scalar);
  if (scalar !== undefined) return undefined;
  if (depth === 0) return '…';
  const list = arrayValue ?? kvlistValue ?? {};
  return Object.keys(value).length === 0 ? '' : textOfList(list, kvlistValue !== undefined, depth);
}

function textOfList(list: unknown, hasKeys: boolean, depth: number): string | undefined {
  const { values = [] } = (list ?? {}) as { values?: unknown };
  if (!Array.isArray(values)) return undefined;
  if (!hasKeys) return values.map((item) => textOf(item, depth - 1) ?? '?').join(' ');
  const pairs = values.map((item: unknown) => {
    const { key, value } = (item ?? {}) as { key?: unknown; value?: unknown };
    return { key: String(key), text: textOf(value, depth - 1) ?? '?' };
  });
  const message = pairs.find(({ key }) => key === 'message' || key === 'msg');
  return message?.text ?? pairs.map(({ key, text }) => `${key}=${text}`).join(' ');
}
