/**
 * Prometheus matrix: the samples that Prometheus scraped of one version, as readings.
 *
 * in: the answer to a query like `{slot="green"}[20s]` → out: Reading[], one for each scrape
 *
 * Rule: all series of a target carry the instant of their scrape, so samples of one instant are one reading. Raw samples rather than
 * `increase()`: the same arithmetic then judges both sources, and nothing is extrapolated to the window's edges.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/api/#range-vectors (read 2026-07).
 *
 *   readingsOfMatrix([{ metric: { __name__: 'up', job: 'a' }, values: [[1, '1'], [3, '1']] }])
 *   // [{ seconds: 1, values: [{ metricName: 'up', labels: { job: 'a' }, value: 1 }] }, { seconds: 3, … }]
 */
import { z } from 'zod';
import type { Reading } from '../measure.js';

const seriesSchema = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.tuple([z.number(), z.string()])),
});

export const matrixSchema = z.object({
  status: z.literal('success'),
  data: z.object({ resultType: z.literal('matrix'), result: z.array(seriesSchema) }),
});

export function readingsOfMatrix(result: readonly z.infer<typeof seriesSchema>[]): Reading[] {
  const readings = new Map<number, Reading['values'][number][]>();
  for (const { metric, values } of result) {
    const { __name__: metricName = '', ...labels } = metric;
    for (const [seconds, text] of values) {
      const reading = readings.get(seconds) ?? [];
      reading.push({ metricName, labels, value: Number(text) });
      readings.set(seconds, reading);
    }
  }
  return [...readings].sort(([a], [b]) => a - b).map(([seconds, values]) => ({ seconds, values }));
}
