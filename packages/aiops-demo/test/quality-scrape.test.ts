import { describe, expect, test } from 'vitest';
import type { FetchText, Fetched } from '../src/collect/fetch-text.js';
import { createScrapeSource } from '../src/collect/scrape-source.js';
import { createMemory } from '../src/memory.js';
import { runPipeline } from '../src/pipeline.js';
import type { PipelineRun } from '../src/pipeline.js';
import { signals } from '../src/signals.js';
import { topology } from '../src/topology.js';
import { SAMPLING, START, STEP_MS } from './simulation.js';

/** What a board that answers `n` writes before scrape `n` exposes: it has counters, gauges and a histogram. */
function exposition(n: number, more = ''): string {
  const writes = n * 30;
  const labels = 'http_request_method="POST",http_route="/v1/flights",http_response_status_code="201"';
  return [
    `http_server_request_duration_seconds_bucket{le="0.1",${labels}} ${writes}`,
    `http_server_request_duration_seconds_bucket{le="+Inf",${labels}} ${writes}`,
    `http_server_request_duration_seconds_count{${labels}} ${writes}`,
    `process_resident_memory_bytes ${1.2e8 + (n % 7) * 1e5}`,
    `nodejs_eventloop_lag_p99_seconds ${0.011 + (n % 5) / 1e4}`,
    more,
    '',
  ].join('\n');
}

/** Scrapes a board whose n-th answer is scripted, through collect and the whole pipeline. */
async function scrapeBoard(rounds: number, answer: (n: number) => Fetched): Promise<PipelineRun[]> {
  let n = 0;
  const fetchText: FetchText = async (url) => {
    if (url.startsWith('http://aiops')) return { ok: true, text: exposition(n) };
    return answer(n);
  };
  const source = createScrapeSource({
    targets: [
      { job: 'flights-api', url: 'http://board:80' },
      { job: 'aiops', url: 'http://aiops:80' },
    ],
    signals,
    fetchText,
    windowMs: SAMPLING.rateWindowMs,
    timeoutMs: 1_000,
  });
  const memory = createMemory(signals, SAMPLING, START);
  const runs: PipelineRun[] = [];
  for (n = 1; n <= rounds; n += 1) {
    const at = START + n * STEP_MS;
    const samples = await source.sample(at);
    const targets = source.targets?.() ?? [];
    runs.push(runPipeline({ at, samples, logs: [], targets }, memory, topology));
  }
  return runs;
}

const ok = (text: string): Fetched => ({ ok: true, text });
const findingsOf = (runs: readonly PipelineRun[]) =>
  runs.flatMap(({ assessed }) => assessed.started.map(({ kind, source }) => `${kind} of ${source}`));
const incidentsOf = (runs: readonly PipelineRun[]) => runs.at(-1)?.correlated.incidents.length;

describe('scraped as it is', () => {
  test('a healthy board has no finding', async () => {
    const runs = await scrapeBoard(60, (n) => ok(exposition(n)));
    expect(findingsOf(runs)).toEqual([]);
    expect(incidentsOf(runs)).toBe(0);
  });

  test('a restart is a counter reset, and no rate turns negative', async () => {
    const runs = await scrapeBoard(60, (n) => ok(exposition(n < 40 ? n : n - 39)));
    expect(findingsOf(runs)).toEqual(['counter-reset of flights-api']);
    expect(incidentsOf(runs)).toBe(0);
    const rates = runs.flatMap(({ assessed }) =>
      assessed.samples.flatMap(({ signalId, value }) =>
        signalId === 'flights-api/request-rate' ? (value ?? []) : [],
      ),
    );
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
  });

  test('a cache that answers for the board is a stale target', async () => {
    const runs = await scrapeBoard(60, (n) => ok(exposition(Math.min(n, 40))));
    expect(findingsOf(runs)).toEqual(['stale-target of flights-api']);
    expect(incidentsOf(runs)).toBe(0);
  });

  test('a board that answers 500 to the scrape is not down; one that refuses the connection is', async () => {
    const failing = (fetched: Fetched) => scrapeBoard(60, (n) => (n < 40 ? ok(exposition(n)) : fetched));
    const alive = await failing({ ok: false, answered: true, because: 'board:80 answered 500' });
    expect(findingsOf(alive)).toEqual(['missing-scrapes of flights-api']);
    expect(incidentsOf(alive)).toBe(0);
    const dead = await failing({ ok: false, because: 'board:80 refused the connection' });
    expect(findingsOf(dead)).toEqual([]);
    expect(incidentsOf(dead)).toBe(1);
  });

  test('a label with an id in it is told before series must be refused', async () => {
    const series = (n: number) =>
      Array.from({ length: n * 30 }, (_, id) => `flights_api_risk_answers_total{source="${id}"} 1`).join(
        '\n',
      );
    const runs = await scrapeBoard(60, (n) => ok(exposition(n, series(n))));
    expect(findingsOf(runs)).toEqual(['cardinality of flights-api']);
    expect(incidentsOf(runs)).toBe(0);
  });
});
