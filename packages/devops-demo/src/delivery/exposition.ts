/**
 * Exposition: reads the text that `/metrics` answers.
 *
 * in: text → out: values, in the form that prom-client gives them
 *
 * Rule: one sample a line, `name{label="value",…} number`; comments and what does not fit are passed over.
 * When it misleads: escapes in label values stay as they are; none of the labels that are read here has any.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (format 0.0.4).
 *
 *   readExposition('up{job="a"} 1') // [{ metricName: 'up', labels: { job: 'a' }, value: 1 }]
 */
import type { HistogramValue } from './traffic.js';

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function readExposition(text: string): HistogramValue[] {
  const values: HistogramValue[] = [];
  for (const line of text.split('\n')) {
    const [, metricName, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (metricName === undefined) continue;
    const entries = [...labels.matchAll(LABEL)].map(([, key = '', said = '']) => [key, said] as const);
    values.push({ metricName, labels: Object.fromEntries(entries), value: numberOf(value) });
  }
  return values;
}

function numberOf(word: string): number {
  return word === '+Inf' ? Infinity : Number(word);
}
