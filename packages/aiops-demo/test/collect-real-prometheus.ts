/** Runs a real Prometheus on loopback against the scripted services, and records what it scraped and answered. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { mapBounded } from '../src/collect/bounded.js';
import { toPromql } from '../src/collect/promql.js';
import { signals } from '../src/signals.js';
import type { Recording } from './collect-recording.js';
import { instantsOf } from './collect-recording.js';
import { JOBS, SCRAPES, startScriptedService } from './collect-scripted-services.js';
import type { Job, ScriptedService } from './collect-scripted-services.js';
import { freePort } from 'service-chassis/free-port';

const SCRAPE_INTERVAL_MS = 500;
/** Five scrapes, and a whole number of them, so that samples fall on the window's very edge. */
const WINDOW_MS = 2_500;

/** The version of the Prometheus on PATH, or undefined where there is none. */
export function prometheusVersion(): string | undefined {
  const said = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  return /version (\d+\.\d+\.\d+)/.exec(`${said.stdout}${said.stderr}`)?.[1];
}

export interface RunningPrometheus {
  url: string;
  services: ScriptedService[];
  stop: () => Promise<void>;
}

export async function startPrometheus(): Promise<RunningPrometheus> {
  const services = await Promise.all(JOBS.map(startScriptedService));
  const folder = await mkdtemp(path.join(tmpdir(), 'triops-prometheus-'));
  await writeFile(path.join(folder, 'prometheus.yml'), configuration(services));
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(child, 'exit');
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stderr).on('line', (line) => {
      if (line.includes('Server is ready to receive web requests')) resolve();
    });
  });
  await Promise.race([
    ready,
    exited.then(([code]) =>
      Promise.reject(new Error(`prometheus ended with ${String(code)} before it was ready`)),
    ),
  ]);
  return {
    url: `http://${address}`,
    services,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      for (const service of services) service.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(services: readonly ScriptedService[]): string {
  return JSON.stringify({
    global: { scrape_interval: `${SCRAPE_INTERVAL_MS}ms`, scrape_timeout: `${SCRAPE_INTERVAL_MS}ms` },
    scrape_configs: services.map(({ job, url }) => ({
      job_name: job,
      static_configs: [{ targets: [new URL(url).host] }],
    })),
  });
}

/** Waits until everything scripted was scraped, then asks for the samples and for every signal's answers. */
export async function record({ url, services }: RunningPrometheus, version: string): Promise<Recording> {
  await Promise.all(services.map(async (service) => service.finished));
  const lists = await query(url, '{job=~".+",__name__!~"scrape_.*"}[10m]', Date.now());
  const all = lists.map(({ metric, values }) => ({
    labels: metric,
    points: (values ?? []).map(([at, value]): [number, string] => [Math.round(at * 1_000), value]),
  }));
  const timesOf = (job: Job) =>
    (all.find(({ labels }) => labels['__name__'] === 'up' && labels['job'] === job)?.points ?? [])
      .map(([at]) => at)
      .slice(0, SCRAPES);
  const scrapedAt = { 'flights-api': timesOf('flights-api'), 'model-server': timesOf('model-server') };
  const raw = all.map(({ labels, points }) => {
    const last = scrapedAt[labels['job'] as Job].at(-1) ?? 0;
    return { labels, points: points.filter(([at]) => at <= last) };
  });
  const scripted = signals.filter((signal) => signal.service in scrapedAt);
  const answers = await mapBounded(scripted, 4, async (signal) => {
    const promql = toPromql(signal.query, WINDOW_MS);
    const values = await mapBounded(instantsOf(scrapedAt[signal.service as Job]), 2, async (at) => {
      const [answer] = await query(url, promql, at);
      return [at, answer?.value?.[1] ?? null] as [number, string | null];
    });
    return { signal, promql, values };
  });
  return { prometheus: version, windowMs: WINDOW_MS, scrapedAt, raw, answers };
}

const point = z.tuple([z.number(), z.string()]);
const result = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: point.optional(),
        values: z.array(point).optional(),
      }),
    ),
  }),
});

async function query(url: string, promql: string, at: number) {
  const parameters = new URLSearchParams({ query: promql, time: (at / 1_000).toFixed(3) });
  const response = await fetch(`${url}/api/v1/query?${parameters.toString()}`);
  const body = await response.text();
  if (!response.ok) throw new Error(`Prometheus refused ${promql}: ${body}`);
  return result.parse(JSON.parse(body)).data.result;
}
