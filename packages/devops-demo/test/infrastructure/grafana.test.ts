/**
 * Every panel's queries, run by a real Prometheus that scrapes what the real services said, recorded from the composed system.
 * Counters grow a little with each scrape, as they do in life.
 */
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { DATA_SOURCE, dashboardJson } from '../../src/infrastructure/grafana/dashboard.js';
import { DASHBOARDS } from '../../src/infrastructure/grafana/dashboards.js';
import { freePort } from 'service-chassis/free-port';
import { start } from './processes.js';
import type { Running } from './processes.js';
import { INFRASTRUCTURE, isHere } from './tools.js';

const RECORDED = join(import.meta.dirname, 'fixtures/metrics');
const JOBS = readdirSync(RECORDED).map((name) => name.replace('.txt', ''));
const GROWTH_A_SCRAPE = 0.01;
/** A window of five minutes holds data as soon as two samples are in it. */
const DATA_WITHIN_MS = 15_000;

describe('Grafana dashboards', () => {
  it('say of each panel what it is for, and ask the provisioned data source', () => {
    for (const { panels } of DASHBOARDS) {
      for (const { description } of panels) expect(description).toMatch(/^[A-Z].{20,}\.$/);
    }
    const file = join(INFRASTRUCTURE, 'grafana/provisioning/datasources/prometheus.yml');
    const { datasources } = parse(readFileSync(file, 'utf8')) as { datasources: object[] };
    expect(datasources).toEqual([expect.objectContaining(DATA_SOURCE)]);
  });

  it('lay two panels beside each other, without a gap or an overlap', () => {
    const panels = DASHBOARDS.flatMap((dashboard) => [
      (dashboardJson(dashboard) as { panels: { gridPos: { x: number; y: number } }[] }).panels.slice(0, 3),
    ]);
    for (const [first, second, third] of panels) {
      expect([first, second, third].map((panel) => [panel?.gridPos.x, panel?.gridPos.y])).toEqual([
        [0, 0],
        [12, 0],
        [0, 8],
      ]);
    }
  });
});

describe.skipIf(!isHere('prometheus'))('their queries (skipped where Prometheus is not on the path)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triops-grafana-'));
  const texts = new Map(JOBS.map((job) => [job, readFileSync(join(RECORDED, `${job}.txt`), 'utf8')]));
  let scrapes = 0;
  const services = createServer((request, response) => {
    scrapes += 1;
    const text = texts.get(request.url?.slice(1) ?? '') ?? '';
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(grown(text, 1 + (scrapes / JOBS.length) * GROWTH_A_SCRAPE));
  });
  let prometheus: Running;
  let url: string;

  beforeAll(async () => {
    services.listen(0, '127.0.0.1');
    await once(services, 'listening');
    for (const name of ['slo.yml', 'alerts.yml']) {
      const rules = readFileSync(join(INFRASTRUCTURE, 'prometheus', name), 'utf8');
      writeFileSync(join(folder, name), rules.replaceAll('interval: 30s', 'interval: 500ms'));
    }
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration()));
    url = `http://127.0.0.1:${await freePort()}`;
    const words = [`--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`];
    const address = `--web.listen-address=${new URL(url).host}`;
    prometheus = await start('prometheus', [...words, address], `${url}/-/ready`);
  });
  afterAll(async () => {
    await prometheus.stop();
    services.close();
    services.closeAllConnections();
    rmSync(folder, { recursive: true });
  });

  function configuration(): object {
    const target = `127.0.0.1:${(services.address() as AddressInfo).port}`;
    return {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: ['slo.yml', 'alerts.yml'].map((name) => join(folder, name)),
      scrape_configs: JOBS.map((job) => ({
        job_name: job,
        metrics_path: `/${job}`,
        static_configs: [{ targets: [target], labels: job === 'flights-api' ? { slot: 'blue' } : {} }],
      })),
    };
  }

  /** Values that a query answers now; those that are no number are left out. */
  async function ask(promql: string): Promise<number[]> {
    const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: promql }).toString()}`);
    const { status, error, data } = (await response.json()) as Answer;
    if (status !== 'success') throw new Error(error);
    return data.result.map(({ value }) => Number(value[1])).filter(Number.isFinite);
  }

  const queries = DASHBOARDS.flatMap(({ title, panels }) =>
    panels.flatMap((panel) => panel.queries.map(({ promql }) => [title, panel.title, promql] as const)),
  );
  test.each(queries)('%s, %s: %s returns data', async (_dashboard, _panel, promql) => {
    await expect.poll(async () => (await ask(promql)).length, { timeout: DATA_WITHIN_MS }).toBeGreaterThan(0);
  });

  it('a query for what nobody measures returns none', async () => {
    expect(await ask('rate(flights_api_risk_answer_total[1m])')).toEqual([]);
  });
});

interface Answer {
  status: string;
  error: string;
  data: { result: { value: [number, string] }[] };
}

/** The same exposition with its counters, and what histograms count, larger by a factor. */
function grown(text: string, factor: number): string {
  return text.replaceAll(
    /^(\w+(?:_total|_bucket|_count|_sum)(?:\{.*\})?) (\S+)$/gm,
    (_, series: string, value: string) => `${series} ${Number(value) * factor}`,
  );
}
