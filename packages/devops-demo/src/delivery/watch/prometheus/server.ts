/**
 * Readings from Prometheus: asks at the end of a window for all that it scraped of a slot meanwhile.
 *
 * When it does not answer a few times there are no readings: that says nothing about the new version, so it must not be an error, which
 * would take a good release back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from 'service-chassis/reason-of';
import { matrixSchema, readingsOfMatrix } from '../prometheus-matrix.js';
import type { Reading } from '../../measure.js';
import type { ReadingsOf } from '../server.js';

const ANSWER_TIMEOUT_MS = 5_000;
const NAMES =
  'http_server_request_duration_seconds_(bucket|count)|nodejs_eventloop_lag_p99_seconds|process_(resident_memory_bytes|start_time_seconds)|up';

const MOST_TRIES = 3;
const PAUSE_MS = 1_000;

export function prometheusReadings(prometheusUrl: string, pauseMs = PAUSE_MS): ReadingsOf {
  return ({ slot }) => ({
    look: async () => Promise.resolve(),
    async readings(seconds) {
      const query = `{job="flights-api",slot="${slot}",__name__=~"${NAMES}"}[${Math.ceil(seconds)}s]`;
      for (let tries = 1; ; tries++) {
        try {
          return await answerTo(prometheusUrl, query);
        } catch (error) {
          if (tries === MOST_TRIES) {
            process.emitWarning(`no readings of ${slot}: ${messageOf(error)}`);
            return [];
          }
          await sleep(pauseMs);
        }
      }
    },
  });
}

async function answerTo(prometheusUrl: string, query: string): Promise<readonly Reading[]> {
  const response = await fetch(`${prometheusUrl}/api/v1/query`, {
    method: 'POST',
    body: new URLSearchParams({ query }),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`prometheus: it answered ${response.status} to ${query}`);
  return readingsOfMatrix(matrixSchema.parse(await response.json()).data.result);
}
