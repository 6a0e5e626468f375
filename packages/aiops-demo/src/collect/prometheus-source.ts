/**
 * Source one: asks Prometheus, one instant query for each signal.
 *
 * Rule: all questions of one round are asked about the same instant and share one deadline, so a Prometheus that
 * hangs costs one deadline and not one for each signal. The services' `job` labels must be the service names.
 * Misleads when: Prometheus is up but scrapes rarely. With a window under four scrape intervals answers go missing.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries (2.42).
 *
 * Example: GET /api/v1/query?query=sum(rate(...))&time=1700000000 → [1700000000, "0.75"] → 0.75
 */
import { z } from 'zod';
import type { Signal } from '../signals.js';
import { toSample } from './answers.js';
import type { Answer, SignalSource } from './answers.js';
import { mapBounded } from './bounded.js';
import { readValue } from './exposition-words.js';
import type { FetchText } from './fetch-text.js';
import { toPromql } from './promql.js';

export interface PrometheusOptions {
  /** For example http://127.0.0.1:9090. */
  url: string;
  signals: readonly Signal[];
  windowMs: number;
  timeoutMs: number;
  fetchText: FetchText;
}

/** Prometheus answers 20 queries at a time by default; this leaves room for people with dashboards. */
const QUERIES_IN_FLIGHT = 8;
/** An aggregated answer has about 150 bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

export function createPrometheusSource(options: PrometheusOptions): SignalSource {
  const { signals, windowMs, timeoutMs, fetchText } = options;
  const endpoint = new URL('/api/v1/query', options.url);
  const questions = signals.map((signal) => ({ signal, promql: toPromql(signal.query, windowMs) }));

  async function ask(promql: string, at: number, deadline: AbortSignal): Promise<Answer> {
    const query = new URLSearchParams({ query: promql, time: (at / 1_000).toFixed(3) });
    const fetched = await fetchText(`${endpoint.href}?${query.toString()}`, {
      deadline,
      maxBytes: MAX_ANSWER_BYTES,
    });
    return fetched.ok
      ? readAnswer(fetched.text)
      : { kind: 'failed', because: `Prometheus at ${fetched.because}` };
  }

  return {
    name: 'prometheus',
    sample: async (at) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      return mapBounded(questions, QUERIES_IN_FLIGHT, async ({ signal, promql }) =>
        toSample(signal, await ask(promql, at, deadline), { at, windowMs }),
      );
    },
  };
}

const vector = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** Reads the body of an instant query's answer. */
export function readAnswer(body: string): Answer {
  const parsed = vector.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'failed', because: 'Prometheus answered something else than a vector' };
  const { result } = parsed.data.data;
  const [only] = result;
  if (only === undefined) return { kind: 'nothing' };
  if (result.length > 1)
    return { kind: 'failed', because: `Prometheus answered ${result.length} values where one was asked for` };
  const value = readValue(only.value[1]);
  if (value === undefined)
    return { kind: 'failed', because: 'Prometheus answered a value that is no number' };
  return { kind: 'number', value };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
