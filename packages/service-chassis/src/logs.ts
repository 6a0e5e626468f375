/**
 * Logs: one JSON object a line with Elastic Common Schema field names, readable text on a terminal.
 *
 * Each line carries the ids of the request it belongs to, so one request can be followed through all
 * services. Field names: https://www.elastic.co/guide/en/ecs/current/ecs-field-reference.html.
 */
import { pino } from 'pino';
import type { DestinationStream, Logger, StreamEntry } from 'pino';
import pretty from 'pino-pretty';
import { createOtlpShipper } from './otlp-logs.js';
import type { OtlpShipper } from './otlp-logs.js';
import { currentTrace } from './trace.js';

const ECS_VERSION = '8.11';
const LAST_FLUSH_MS = 1_500;
const shippers = new Set<OtlpShipper>();

/** Where and how a service logs. */
export interface LoggerOptions {
  /** `service.name` of each line. */
  service: string;
  version?: string;
  level?: string;
  /** OTLP/HTTP endpoint to ship to, besides printing. */
  otlpUrl?: string | undefined;
  /** Readable text instead of JSON. Default: only when printing to a terminal. */
  pretty?: boolean;
  /** Where to print. Default: standard output. */
  stream?: DestinationStream;
}

/** Makes the logger of a service. */
export function createLogger(options: LoggerOptions): Logger {
  const level = options.level ?? 'info';
  const version = options.version ?? '0.1.0';
  const streams: StreamEntry[] = [{ level: level as pino.Level, stream: printer(options) }];
  if (options.otlpUrl !== undefined) {
    const shipper = createOtlpShipper({ url: options.otlpUrl, service: options.service, version });
    shippers.add(shipper);
    streams.push({ level: level as pino.Level, stream: shipper });
  }
  return pino(
    {
      level,
      messageKey: 'message',
      base: { 'service.name': options.service, 'service.version': version, 'ecs.version': ECS_VERSION },
      timestamp: () => `,"@timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ 'log.level': label }) },
      mixin: traceFields,
      errorKey: 'error',
    },
    pino.multistream(streams),
  );
}

/** Sends the lines that still wait. Call it last when a service stops. */
export async function shutdownLogs(): Promise<void> {
  const closing = Promise.all([...shippers].map(async (shipper) => shipper.close()));
  shippers.clear();
  await Promise.race([closing, new Promise((resolve) => setTimeout(resolve, LAST_FLUSH_MS).unref())]);
}

function printer(options: LoggerOptions): DestinationStream {
  const readable = options.pretty ?? (options.stream === undefined && process.stdout.isTTY);
  if (!readable) return options.stream ?? pino.destination({ fd: 1, sync: true });
  return pretty({
    messageKey: 'message',
    timestampKey: '@timestamp',
    levelKey: 'log.level',
    translateTime: 'HH:MM:ss',
    ignore: 'ecs\\.version,service\\.version,trace\\.id,span\\.id',
    ...(options.stream === undefined ? {} : { destination: options.stream }),
    sync: true,
  });
}

function traceFields(): Record<string, string> {
  const trace = currentTrace();
  if (trace === undefined) return {};
  return { 'trace.id': trace.traceId, 'span.id': trace.spanId, 'http.request.id': trace.requestId };
}
