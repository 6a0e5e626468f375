/** Watches the service's own request histogram, so that a window of it can be judged. */
import type { Registry } from 'prom-client';
import { OBJECTIVES } from './slo.js';
import { between, trafficOf } from './traffic.js';
import type { Traffic } from './traffic.js';

const HISTOGRAM = 'http_server_request_duration_seconds';
const READ_EVERY_SECONDS = 5;

export interface TrafficWatch {
  /** The traffic of the last `OBJECTIVES.windowSeconds`. */
  window(): Promise<Traffic>;
  stop(): void;
}

export function watchTraffic(registry: Registry): TrafficWatch {
  const readings: Traffic[] = [{ requests: 0, failed: 0, buckets: [] }];

  async function keepReading(): Promise<void> {
    readings.push(await readTraffic(registry));
    while (readings.length > OBJECTIVES.windowSeconds / READ_EVERY_SECONDS) readings.shift();
  }

  const timer = setInterval(() => void keepReading(), READ_EVERY_SECONDS * 1_000);
  timer.unref();
  return {
    window: async () =>
      between(readings[0] ?? { requests: 0, failed: 0, buckets: [] }, await readTraffic(registry)),
    stop: () => clearInterval(timer),
  };
}

/** All that was counted since the process began. */
export async function readTraffic(registry: Registry): Promise<Traffic> {
  const metric = await registry.getSingleMetric(HISTOGRAM)?.get();
  return trafficOf(metric?.values ?? []);
}
