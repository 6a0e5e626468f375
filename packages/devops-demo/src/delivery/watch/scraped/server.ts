/**
 * Readings from the versions themselves: asks each for its metrics, once a second.
 *
 * Rule: the time is that of the wall clock, as processes tell when they were started. A scrape without an answer is a reading too (probes.ts).
 */
import { readSamples } from 'service-chassis/exposition';
import type { Reading } from '../../measure.js';
import { wasUp } from '../../probes.js';
import type { ReadingsOf } from '../server.js';

const SCRAPE_TIMEOUT_MS = 5_000;
const MS_PER_SECOND = 1_000;

export function scrapedReadings(timeoutMs = SCRAPE_TIMEOUT_MS): ReadingsOf {
  return ({ url }) => {
    const readings: Reading[] = [];
    return {
      async look() {
        const askedAt = Date.now() / MS_PER_SECOND;
        const text = await scrape(url, timeoutMs);
        readings.push(
          text === undefined
            ? { seconds: Date.now() / MS_PER_SECOND, values: [wasUp(false)] }
            : { seconds: askedAt, values: [...valuesOf(text), wasUp(true)] },
        );
      },
      readings: async () => Promise.resolve(readings),
    };
  };
}

/** In the form that prom-client gives them. */
function valuesOf(text: string): Reading['values'] {
  return readSamples(text).map(({ name, labels, value }) => ({ metricName: name, labels, value }));
}

/** Undefined when it does not answer: that is for the analysis to judge, not a failure of the watch. */
async function scrape(url: string, timeoutMs: number): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}
