/** Signal traces for tests, as the services of the demo make them: seeded, so every run is the same. */
import { seededRandom as dice } from '../src/forecast/seeded-random.js';
import type { Collected } from '../src/pipeline.js';
import type { SignalSample } from '../src/signals.js';
import { signals } from '../src/signals.js';

export { dice };
export const STEP_MS = 2_000;
export const START = Date.parse('2026-01-01T00:00:00Z');
export const SAMPLING = { stepMs: STEP_MS, rateWindowMs: 15_000 };

/** Departures a second at a simulated hour: few at night, most in the morning and late afternoon (60 times real time). */
export function departuresAt(seconds: number): number {
  const hour = (seconds / 60 + 7) % 24;
  if (hour < 5) return 1;
  return 14 + 6 * Math.sin(((hour - 5) / 19) * Math.PI);
}

/** All signals of a healthy system at one moment, with noise. */
export function healthy(seconds: number, random: () => number): Record<string, number> {
  const departures = departuresAt(seconds) * (0.85 + 0.3 * random());
  const noise = () => 0.8 + 0.4 * random();
  // One evaluation in 200 meets a garbage collection or a busy neighbour.
  const hiccup = random() < 0.005 ? 30 : 1;
  const values: Record<string, number> = {
    'flights-api/request-rate': departures * 2,
    'flights-api/latency-p95': 0.012 * noise() * hiccup,
    'flights-api/degraded-ratio': random() < 0.01 ? 0.08 * random() : 0,
    'flights-api/model-call-failure-ratio': random() < 0.01 ? 0.08 * random() : 0,
    'flights-api/circuit-state': 0,
    'model-server/request-rate': departures,
    'model-server/latency-p95': 0.006 * noise() * hiccup,
    'model-server/feed-lag': 4 * noise(),
    'model-server/drift-psi': 0.03 * noise(),
    'replay/departure-rate': departures,
    'replay/failure-rate': 0,
    'aiops/request-rate': 4 * noise(),
    'aiops/latency-p95': 0.003 * noise(),
    'aiops/log-line-rate': departures * 4,
  };
  for (const { id, query } of signals) {
    if (id.endsWith('/up')) values[id] = 1;
    if (id.endsWith('/error-ratio')) values[id] = 0;
    if (id.endsWith('/event-loop-lag')) values[id] = 0.012 * noise();
    if (id.endsWith('/resident-memory')) values[id] = 1.2e8 + 2e7 * random() + Math.min(seconds, 600) * 3e4;
    if (values[id] === undefined)
      throw new Error(`healthy: expected a value for ${id} (${query.kind}), got none`);
  }
  return values;
}

export function asSamples(values: Readonly<Record<string, number | null>>, at: number): SignalSample[] {
  return signals.map(({ id }): SignalSample => {
    const value = values[id] ?? null;
    return value === null
      ? { signalId: id, at, value, because: 'nobody asked' }
      : { signalId: id, at, value };
  });
}

/** What the model server's `slow` fault does to the signals, `since` seconds after it began; it lasts 30 s. */
export function slowModel(values: Record<string, number>, since: number): Record<string, number> {
  const windowed = since < 0 ? 0 : Math.min(1, since / 15, Math.max(0, (45 - since) / 15));
  const isOn = since >= 1 && since < 31;
  if (windowed === 0 && !isOn) return values;
  return {
    ...values,
    'flights-api/circuit-state': isOn ? (Math.floor(since) % 6 === 5 ? 0.5 : 1) : 0,
    'flights-api/degraded-ratio': windowed,
    'flights-api/model-call-failure-ratio': windowed,
    'flights-api/latency-p95': windowed > 0.05 ? 0.28 : 0.012,
    'model-server/latency-p95': windowed > 0.05 ? 0.3 : 0.006,
    'model-server/error-ratio': windowed,
    'model-server/request-rate': (values['model-server/request-rate'] ?? 0) * (1 - 0.95 * windowed),
  };
}

export function collected(values: Readonly<Record<string, number | null>>, at: number): Collected {
  return { at, samples: asSamples(values, at), logs: [] };
}
