/**
 * Exposition: reads what prom-client writes to `/metrics`.
 *
 * in: text → out: Sample[]
 *
 * Rule: one sample a line, `name{label="value",…} number`; comments and what does not fit are passed over.
 * When it misleads: escapes in label values stay as they are, and nobody is told of lines that were passed over. For text of strangers
 * there is the complete reader in aiops-demo (collect/exposition.ts).
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (format 0.0.4).
 *
 *   readSamples('up{job="a"} 1') // [{ name: 'up', labels: { job: 'a' }, value: 1 }]
 */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export function readSamples(text: string): Sample[] {
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    const [, name, labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    const number = numberOf(value);
    if (name === undefined || (Number.isNaN(number) && value !== 'NaN')) continue;
    const entries = [...labels.matchAll(LABEL)].map(([, key = '', said = '']) => [key, said] as const);
    samples.push({ name, labels: Object.fromEntries(entries), value: number });
  }
  return samples;
}

function numberOf(word: string): number {
  if (word === '+Inf') return Infinity;
  return word === '-Inf' ? -Infinity : Number(word);
}
