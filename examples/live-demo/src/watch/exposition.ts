/**
 * Exposition: the few numbers that the summary needs out of a service's metrics.
 *
 *   seriesOf(readSamples('hits_total{a="1"} 2\nhits_total{a="2"} 3'), 'hits_total') // { 'a=1': 2, 'a=2': 3 }
 */
import type { Sample } from 'service-chassis/exposition';
import { histogramQuantile } from 'service-chassis/histogram-quantile';

export type Filter = Readonly<Record<string, string>>;

/** Each series that matches, by its labels. */
export function seriesOf(
  samples: readonly Sample[],
  name: string,
  filter: Filter = {},
): Record<string, number> {
  const matching = samples.filter((sample) => sample.name === name && matches(sample, filter));
  return Object.fromEntries(matching.map(({ labels, value }) => [keyOf(labels), value]));
}

function keyOf(labels: Sample['labels']): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',');
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
