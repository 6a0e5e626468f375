/** Counts the service's own requests into tallies, and shows budgets and burn rates as metrics. */
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import { messageOf } from 'service-chassis/reason-of';
import { readTraffic } from '../metrics.js';
import type { Objectives } from '../slo.js';
import { between } from '../traffic.js';
import type { Traffic } from '../traffic.js';
import { sloReport } from './report.js';
import type { SloReport } from './report.js';
import type { TallyLog } from './store.js';
import { tallyOf } from './tally.js';

/** Other processes see what was counted here after at most this time. */
const WRITE_EVERY_MS = 30_000;

export interface SloWatch {
  report: () => Promise<SloReport>;
  stop: () => Promise<void>;
}

export interface SloWatchOptions {
  registry: Registry;
  log: TallyLog;
  objectives: Objectives;
  warn: (sentence: string) => void;
}

export function watchSlo({ registry, log, objectives, warn }: SloWatchOptions): SloWatch {
  let counted: Traffic = { requests: 0, failed: 0, buckets: [] };
  let isLost = false;

  /** What cannot be written is written with the next tally. A full disk is no reason to stop serving; it is told once an outage. */
  async function write(): Promise<void> {
    try {
      const traffic = await readTraffic(registry);
      const tally = tallyOf(between(counted, traffic), new Date().toISOString(), objectives.p95Seconds);
      if (tally.requests > 0) log.append(tally);
      counted = traffic;
      isLost = false;
    } catch (error) {
      if (!isLost) warn(`the error budget's traffic cannot be written now: ${messageOf(error)}`);
      isLost = true;
    }
  }

  async function report(): Promise<SloReport> {
    const now = new Date();
    const notYet = tallyOf(
      between(counted, await readTraffic(registry)),
      now.toISOString(),
      objectives.p95Seconds,
    );
    return sloReport([...log.tallies(), notYet], now, objectives);
  }

  showSlo(registry, report);
  const timer = setInterval(() => void write(), WRITE_EVERY_MS);
  timer.unref();
  return {
    report,
    async stop() {
      clearInterval(timer);
      await write();
    },
  };
}

/** Scraped every two seconds; the tallies of a month are many lines. */
const SHOWN_AGE_MS = 5_000;

function showSlo(registry: Registry, report: () => Promise<SloReport>): void {
  let known: { at: number; said: Promise<SloReport | undefined> } | undefined;
  // Tallies that cannot be read leave these gauges absent, and all others as they are.
  const recent = async () => {
    if (known === undefined || Date.now() - known.at > SHOWN_AGE_MS)
      known = { at: Date.now(), said: report().catch(() => undefined) };
    return known.said;
  };
  const remaining = new Gauge({
    name: 'devops_error_budget_remaining_ratio',
    help: 'Share of the error budget of thirty days that remains, by objective; absent while it is unknown.',
    labelNames: ['objective'],
    registers: [],
    async collect() {
      this.reset();
      for (const { objective, remaining } of (await recent())?.budgets ?? [])
        if (remaining !== null) this.set({ objective }, remaining);
    },
  });
  const burnRate = new Gauge({
    name: 'devops_error_budget_burn_rate',
    help: 'How many times faster than allowed the error budget is spent, by objective and window.',
    labelNames: ['objective', 'window_seconds'],
    registers: [],
    async collect() {
      this.reset();
      for (const each of (await recent())?.burnRates ?? []) {
        const { objective, longSeconds, shortSeconds, long, short } = each;
        this.set({ objective, window_seconds: longSeconds }, long ?? 0);
        this.set({ objective, window_seconds: shortSeconds }, short ?? 0);
      }
    },
  });
  const frozen = new Gauge({
    name: 'devops_releases_frozen',
    help: '1 while an empty error budget freezes releases.',
    registers: [],
    async collect() {
      const report = await recent();
      if (report === undefined) this.remove();
      else this.set(report.frozen ? 1 : 0);
    },
  });
  for (const gauge of [remaining, burnRate, frozen]) registry.registerMetric(gauge);
}
