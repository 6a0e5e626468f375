/**
 * Decides who answers: Prometheus where one is configured, else the own scraper.
 *
 * A configured Prometheus that does not answer is not replaced by scraping: the two would see slightly different
 * instants, and the step between them would look like an anomaly. Its absence shows as null samples with reasons.
 */
import type { Signal } from '../signals.js';
import type { SignalSource } from './answers.js';
import type { FetchText } from './fetch-text.js';
import { createPrometheusSource } from './prometheus-source.js';
import { createScrapeSource } from './scrape-source.js';

export interface CollectOptions {
  signals: readonly Signal[];
  fetchText: FetchText;
  prometheusUrl: string | undefined;
  /** Who is scraped when there is no Prometheus. */
  targets: readonly { job: string; url: string }[];
  windowMs?: number;
  timeoutMs?: number;
}

/** Seven scrapes of 2 s: short enough to notice a fault while it lasts, long enough for a rate. */
export const DEFAULT_WINDOW_MS = 15_000;
/** Time between two rounds. */
export const DEFAULT_INTERVAL_MS = 2_000;
/** Under one interval, so that a hanging target does not delay the next round. */
const DEFAULT_TIMEOUT_MS = 1_500;

export function chooseSource(options: CollectOptions): SignalSource {
  const { windowMs = DEFAULT_WINDOW_MS, timeoutMs = DEFAULT_TIMEOUT_MS, prometheusUrl, targets } = options;
  const { signals, fetchText } = options;
  return prometheusUrl === undefined
    ? createScrapeSource({ signals, fetchText, targets, windowMs, timeoutMs })
    : createPrometheusSource({ signals, fetchText, url: prometheusUrl, windowMs, timeoutMs });
}
