/** Readings from Prometheus: asks at the end of a window for all that it scraped of a slot meanwhile. */
import { matrixSchema, readingsOfMatrix } from '../prometheus-matrix.js';
import type { ReadingsOf } from '../server.js';

const ANSWER_TIMEOUT_MS = 5_000;
const NAMES =
  'http_server_request_duration_seconds_(bucket|count)|nodejs_eventloop_lag_p99_seconds|process_resident_memory_bytes';

export function prometheusReadings(prometheusUrl: string): ReadingsOf {
  return ({ slot }) => ({
    look: async () => Promise.resolve(),
    async readings(seconds) {
      const query = `{job="flights-api",slot="${slot}",__name__=~"${NAMES}"}[${Math.ceil(seconds)}s]`;
      const response = await fetch(`${prometheusUrl}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query }),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`prometheus: it answered ${response.status} to ${query}`);
      return readingsOfMatrix(matrixSchema.parse(await response.json()).data.result);
    },
  });
}
