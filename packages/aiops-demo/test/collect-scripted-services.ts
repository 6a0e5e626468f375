/**
 * Two services whose `/metrics` answers are scripted, one for each scrape: the same data for everybody who asks.
 *
 * The script holds what makes metrics hard: a restart (counters reset), scrapes that fail, series that appear late
 * or vanish for a while, a time without traffic, NaN and +Inf, escapes in labels.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const SCRAPES = 24;
export const JOBS = ['flights-api', 'model-server'] as const;
export type Job = (typeof JOBS)[number];

const BOUNDS = [0.01, 0.05, 0.1, 0.3, 1];

/** What the service answers to its n-th scrape; undefined: it fails. */
export function exposition(job: Job, n: number): string | undefined {
  return job === 'flights-api' ? flightsApi(n) : modelServer(n);
}

function flightsApi(n: number): string | undefined {
  if (n === 15 || n === 16) return undefined;
  const since = n < 12 ? 0 : 12; // Restarted before scrape 12.
  const written = requests('POST', '/v1/flights', '201', counted(since, n, 1), [0.2, 0.6, 0.8, 0.97, 1]);
  const updated = requests(
    'PUT',
    '/v1/flights/:flightId/outcome',
    '201',
    counted(since, n, 2),
    [0.5, 1, 1, 1, 1],
  );
  const failed = requests('POST', '/v1/flights', '503', counted(6, n, 3), [0, 0, 0, 0.5, 0.9]);
  return [
    '# HELP http_server_request_duration_seconds Time of a request.',
    '# TYPE http_server_request_duration_seconds histogram',
    ...written,
    ...updated,
    ...(n >= 6 && n < 12 ? failed : []),
    ...requests('GET', '/metrics', '200', n - since, [1, 1, 1, 1, 1]),
    `flights_api_risk_answers_total{source="model"} ${counted(since, n, 4)}`,
    ...(n >= 8
      ? [`flights_api_risk_answers_total{source="base-rate"} ${counted(Math.max(7, since), n, 5)}`]
      : []),
    `flights_api_model_calls_total{result="ok"} ${counted(since, n, 4)}`,
    `flights_api_model_calls_total{result="timeout"} ${n > 18 ? n - 18 : 0}`,
    `flights_api_model_calls_total{result="circuit-open",} 0 `,
    ...(n === 18 || n === 19 ? [] : [`flights_api_circuit_state ${[0, 0.5, 1][n % 3]}`]),
    `nodejs_eventloop_lag_p99_seconds ${n === 3 ? 'NaN' : 0.0112 + n / 1e4}`,
    `process_resident_memory_bytes ${(1.2e8 + n * 1e5).toExponential().replace('e+', 'e+0')}`,
    String.raw`triops_build_info { commit = "a\\b\"c\nd" , version="é,}" } 1`,
    '',
  ].join('\n');
}

function modelServer(n: number): string {
  const busy = n <= 8 ? n : Math.max(8, n - 6); // Nobody asks between scrapes 8 and 14.
  const since = n < 20 ? 0 : 13; // Restarted before scrape 20.
  return [
    '# TYPE http_server_request_duration_seconds histogram',
    ...requests('POST', '/v1/predict', '200', counted(since, busy, 6), [0.1, 0.4, 0.9, 1, 1]),
    ...requests('POST', '/v1/predict', '499', counted(since, busy, 7), [0, 0, 0, 0.1, 0.4]),
    `model_server_feed_lag_seconds ${n === 5 ? '+Inf' : n / 4}`,
    `model_server_drift_psi ${n < 4 ? 'NaN' : 0.02 + n / 1000}`,
    `nodejs_eventloop_lag_p99_seconds 1.1e-02`,
    `process_resident_memory_bytes 210000000`,
    '',
  ].join('\n');
}

/** A counter at scrape n, growing unevenly since it was 0. */
function counted(since: number, n: number, seed: number): number {
  let total = seed;
  for (let i = since + 1; i <= n; i += 1) total += ((i * 7 + seed * 3) % 5) + seed;
  return total;
}

function requests(method: string, route: string, status: string, count: number, shares: number[]): string[] {
  const name = 'http_server_request_duration_seconds';
  const labels = `http_request_method="${method}",http_route="${route}",http_response_status_code="${status}"`;
  return [
    ...BOUNDS.map((le, i) => `${name}_bucket{le="${le}",${labels}} ${Math.floor(count * (shares[i] ?? 1))}`),
    `${name}_bucket{le="+Inf",${labels}} ${count}`,
    `${name}_sum{${labels}} ${count * 0.07}`,
    `${name}_count{${labels}} ${count}`,
  ];
}

export interface ScriptedService {
  job: Job;
  url: string;
  /** Resolves when one more scrape than scripted was asked for: then the last scripted one has been taken in. */
  finished: Promise<void>;
  close: () => void;
}

export async function startScriptedService(job: Job): Promise<ScriptedService> {
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  let scrapes = 0;
  const server = createServer((_request, response) => {
    const text = exposition(job, Math.min(scrapes, SCRAPES - 1));
    scrapes += 1;
    if (scrapes > SCRAPES + 1) finish();
    response.writeHead(text === undefined ? 503 : 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(text ?? 'failing on purpose');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    job,
    url: `http://127.0.0.1:${port}`,
    finished,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
