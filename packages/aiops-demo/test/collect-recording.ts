/**
 * What a real Prometheus scraped and answered, as data: the authority that the own scraper is compared with.
 *
 * One recording is committed (`fixtures/prometheus-answers.jsonl`); where a Prometheus is installed a second one is
 * made live, by `collect-real-prometheus.ts`.
 */
import { parseExposition } from '../src/collect/exposition.js';
import type { Labels } from '../src/collect/exposition-labels.js';
import { createSampleStore } from '../src/collect/samples.js';
import type { SampleStore } from '../src/collect/samples.js';
import type { Signal } from '../src/signals.js';
import { SCRAPES, exposition } from './collect-scripted-services.js';
import type { Job } from './collect-scripted-services.js';

export interface Recording {
  prometheus: string;
  windowMs: number;
  /** When each service's n-th scrape began, in ms. */
  scrapedAt: Record<Job, number[]>;
  /** Every sample as Prometheus stored it; stale marks are not among them. */
  raw: { labels: Record<string, string>; points: [at: number, value: string][] }[];
  /** Its answers to the PromQL of each signal; null is an empty vector. */
  answers: { signal: Signal; promql: string; values: [at: number, value: string | null][] }[];
}

/** The scripted services, scraped by us at the instants at which Prometheus scraped them. */
export function storeOf(recording: Recording): SampleStore {
  const store = createSampleStore({
    keepMs: 600_000,
    maxSeries: 1_000,
    metrics: new Set(recording.raw.map(({ labels }) => labels['__name__'] ?? '')),
  });
  const scrapes = Object.entries(recording.scrapedAt).flatMap(([job, times]) =>
    times.map((at, n) => ({ job: job as Job, at, n })),
  );
  for (const { job, at, n } of scrapes.sort((a, b) => a.at - b.at)) {
    const text = exposition(job, n);
    store.record(
      { job, instance: 'scripted' },
      at,
      text === undefined ? undefined : parseExposition(text).samples,
    );
  }
  return store;
}

/** Whether exactly those scrapes failed that fail in the script. */
export function isAsScripted(recording: Recording): boolean {
  return recording.raw
    .filter(({ labels }) => labels['__name__'] === 'up')
    .every(({ labels, points }) =>
      points.every(([, up], n) => (up === '1') === (exposition(labels['job'] as Job, n) !== undefined)),
    );
}

/** Labels without those that differ from run to run, as one comparable text. */
export function identity(labels: Labels): string {
  const kept = [...labels].filter(([name]) => name !== 'instance' && name !== '__name__');
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Instants worth asking about: on every scrape (the window's edge), and between scrapes. */
export function instantsOf(scrapedAt: readonly number[]): number[] {
  return scrapedAt
    .slice(0, SCRAPES)
    .flatMap((at, n) => (n % 2 === 0 && n < SCRAPES - 1 ? [at, at + 137] : [at]));
}

/** One series or one signal a line, so that a new recording can be compared with the old one. */
export function toLines({ raw, answers, ...head }: Recording): string {
  const lines = [head, ...raw.map((one) => ({ raw: one })), ...answers.map((answer) => ({ answer }))];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

type Line = { raw: Recording['raw'][number] } | { answer: Recording['answers'][number] };

export function fromLines(text: string): Recording {
  const [head = '', ...rest] = text.trimEnd().split('\n');
  const lines = rest.map((line) => JSON.parse(line) as Line);
  return {
    ...(JSON.parse(head) as Omit<Recording, 'raw' | 'answers'>),
    raw: lines.flatMap((line) => ('raw' in line ? [line.raw] : [])),
    answers: lines.flatMap((line) => ('answer' in line ? [line.answer] : [])),
  };
}
