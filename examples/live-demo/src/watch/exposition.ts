/**
 * Exposition: the few numbers that the summary needs out of a service's metrics.
 *
 *   sumOf(readSamples('hits_total{a="1"} 2\nhits_total{a="2"} 3'), 'hits_total') // 5
 */
import type { Sample } from 'service-chassis/exposition';
import { histogramQuantile } from 'service-chassis/histogram-quantile';

export type Filter = Readonly<Record<string, string>>;

export function sumOf(samples: readonly Sample[], name: string, filter: Filter = {}): number {
  return samples
    .filter((sample) => sample.name === name && matches(sample, filter))
    .reduce((sum, { value }) => sum + value, 0);
}

/** A quantile of a histogram, its series added up. Undefined without observations. */
export function quantileOf(
  samples: readonly Sample[],
  name: string,
  quantile: number,
  filter: Filter = {},
): number | undefined {
  const counts = new Map<number, number>();
  for (const sample of samples) {
    if (sample.name !== `${name}_bucket` || !matches(sample, filter)) continue;
    const edge = sample.labels['le'] === '+Inf' ? Infinity : Number(sample.labels['le']);
    counts.set(edge, (counts.get(edge) ?? 0) + sample.value);
  }
  const value = histogramQuantile(
    quantile,
    [...counts].map(([upperBound, cumulative]) => ({ upperBound, cumulative })),
  );
  return Number.isNaN(value) ? undefined : value;
}

function matches({ labels }: Sample, filter: Filter): boolean {
  return Object.entries(filter).every(([key, value]) => labels[key] === value);
}
