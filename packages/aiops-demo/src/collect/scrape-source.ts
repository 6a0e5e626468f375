/**
 * Source two: scrapes the services itself and evaluates the same questions, for where there is no Prometheus.
 *
 * Rule: a round scrapes all targets at once, under one deadline, and gives their samples one timestamp: that of
 * the round. A target that fails gets `up` 0 and its series end; the others are not held up beyond the deadline.
 * Misleads when: aiops-demo itself is stopped. Then nobody scrapes, and the gap looks like silence of all services.
 *
 * Example: two rounds, 2 s apart, of a counter at 10 and 14 → its rate is null at first, then 2 requests/s
 */
import type { Signal } from '../signals.js';
import { answerOf, toSample } from './answers.js';
import type { SignalSource } from './answers.js';
import { mapBounded } from './bounded.js';
import { evaluate } from './evaluate.js';
import { parseExposition } from './exposition.js';
import type { FetchText } from './fetch-text.js';
import { metricsOf } from './query.js';
import { createSampleStore } from './samples.js';
import type { TargetReport } from './target-report.js';

export interface ScrapeOptions {
  /** The service's name, and its address, for example http://127.0.0.1:8081. */
  targets: readonly { job: string; url: string }[];
  signals: readonly Signal[];
  windowMs: number;
  timeoutMs: number;
  fetchText: FetchText;
}

export interface ScrapeSource extends SignalSource {
  targets(): TargetReport[];
}

const SCRAPES_IN_FLIGHT = 8;
/** A service of ten thousand series answers about 1 MB. */
const MAX_SCRAPE_BYTES = 4 * 1024 * 1024;
/** The services expose a few hundred series that the signals need; this is where a label without end is stopped. */
const MAX_SERIES = 10_000;
/** Samples are kept for this many windows: one is needed, the rest covers late rounds. */
const WINDOWS_KEPT = 4;

export function createScrapeSource(options: ScrapeOptions): ScrapeSource {
  const { signals, windowMs, timeoutMs, fetchText } = options;
  const store = createSampleStore({
    keepMs: windowMs * WINDOWS_KEPT,
    maxSeries: MAX_SERIES,
    metrics: new Set(signals.flatMap((signal) => metricsOf(signal.query))),
  });
  const reports = new Map<string, TargetReport>(
    options.targets.map(({ job, url }) => [url, { job, url, state: 'waiting' }]),
  );

  /** The text before, and since when it is the same. */
  const texts = new Map<string, { text: string; since: number }>();

  function sameSince(url: string, text: string, at: number): number {
    const before = texts.get(url);
    const since = before?.text === text ? before.since : at;
    texts.set(url, { text, since });
    return since;
  }

  async function scrape({ job, url }: { job: string; url: string }, at: number, deadline: AbortSignal) {
    const target = { job, instance: new URL(url).host };
    const fetched = await fetchText(new URL('/metrics', url).href, { deadline, maxBytes: MAX_SCRAPE_BYTES });
    if (!fetched.ok) {
      store.record(target, at, undefined);
      reports.set(url, {
        job,
        url,
        state: 'down',
        answered: fetched.answered === true,
        because: fetched.because,
      });
      return;
    }
    const { samples, malformed } = parseExposition(fetched.text);
    const { resets, refused } = store.record(target, at, samples);
    const exposedAt = samples.reduce(
      (newest, { timestampMs = -Infinity }) => Math.max(newest, timestampMs),
      -Infinity,
    );
    reports.set(url, {
      job,
      url,
      state: 'up',
      samples: samples.length,
      malformed: malformed.count,
      sameSince: sameSince(url, fetched.text, at),
      exposedAt: Number.isFinite(exposedAt) ? exposedAt : null,
      resets,
      refused,
      ...(malformed.first && { because: `line ${malformed.first.line}: ${malformed.first.because}` }),
    });
  }

  return {
    name: 'scrape',
    sample: async (at) => {
      const deadline = AbortSignal.timeout(timeoutMs);
      await mapBounded(options.targets, SCRAPES_IN_FLIGHT, async (target) => scrape(target, at, deadline));
      return signals.map((signal) =>
        toSample(signal, answerOf(evaluate(signal.query, store.select, { at, windowMs })), { at, windowMs }),
      );
    },
    targets: () => [...reports.values()],
  };
}
