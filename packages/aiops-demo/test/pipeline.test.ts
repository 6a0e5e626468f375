import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { staticThreshold } from '../src/detect/static-threshold.js';
import { createMemory } from '../src/memory.js';
import type { PipelineMemory } from '../src/memory.js';
import { runPipeline } from '../src/pipeline.js';
import type { PipelineRun } from '../src/pipeline.js';
import { signals } from '../src/signals.js';
import { topology } from '../src/topology.js';
import { SAMPLING, START, STEP_MS, collected, dice, healthy, slowModel } from './simulation.js';

const FAULT_AT_SECONDS = 60;
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** Runs the pipeline over a trace; `values` says what the signals are at a second. */
function watch(
  seconds: number,
  values: (second: number) => Record<string, number | null>,
  memory: PipelineMemory = createMemory(signals, SAMPLING, START),
  from = 0,
): PipelineRun[] {
  const runs: PipelineRun[] = [];
  for (let second = from; second < from + seconds; second += STEP_MS / 1_000) {
    runs.push(runPipeline(collected(values(second), START + second * 1_000), memory, topology));
  }
  return runs;
}

const slowModelAt =
  (faultAt: number, random = dice(1)) =>
  (second: number) =>
    slowModel(healthy(second, random), second - faultAt);
const changesOf = (runs: readonly PipelineRun[]) => runs.flatMap(({ correlated }) => correlated.changes);
const secondOf = (at: number) => (at - START) / 1_000;

describe('the story: a slow model server', () => {
  const runs = watch(180, slowModelAt(FAULT_AT_SECONDS));
  const announced = runs.flatMap(({ reported }) => reported.announcements.map(({ text }) => text));
  const [incident] = runs.at(-1)?.reported.incidents ?? [];

  test('exactly one incident opens, and it closes after the fault', () => {
    expect(changesOf(runs).map(({ kind }) => kind)).toEqual(['opened', 'closed']);
    expect(runs.at(-1)?.reported.incidents).toHaveLength(1);
    expect(incident?.state).toBe('closed');
  });

  test('it opens within ten seconds of the fault and closes within 30 s of its end', () => {
    expect(secondOf(incident?.openedAt ?? 0)).toBeGreaterThan(FAULT_AT_SECONDS);
    expect(secondOf(incident?.openedAt ?? 0)).toBeLessThanOrEqual(FAULT_AT_SECONDS + 10);
    expect(secondOf(incident?.closedAt ?? 0)).toBeGreaterThan(FAULT_AT_SECONDS + 30);
    expect(secondOf(incident?.closedAt ?? 0)).toBeLessThanOrEqual(FAULT_AT_SECONDS + 60);
  });

  test('the model server is the first suspect, with what flights-api says of its calls', () => {
    expect(incident?.causes.map(({ service }) => service)).toEqual(['model-server', 'flights-api']);
    expect(incident?.causes[0]?.score).toBeGreaterThan(0.5);
    expect(incident?.causes[0]?.evidence.join('\n')).toContain(
      'flights-api says of its calls to model-server: ',
    );
  });

  test('the title says what it means to the board', () => {
    expect(incident?.title).toBe('up to 100 % of departures got no model risk');
    const opened = announced.find((text) => text.startsWith('incident opened'));
    expect(opened).toMatch(
      /^incident opened: up to \d+ % of departures get no model risk; first suspect model-server$/,
    );
    expect(announced.some((text) => text.startsWith('incident closed: '))).toBe(true);
    expect(announced.some((text) => text.startsWith('anomaly in flights-api: '))).toBe(true);
  });

  test('the README shows what was announced', () => {
    for (const text of announced) expect(readme).toContain(text);
    for (const evidence of incident?.causes[0]?.evidence.slice(0, 2) ?? [])
      expect(readme).toContain(evidence);
  });

  test('the timeline runs from the first sign to the end', () => {
    const [first] = incident?.timeline ?? [];
    expect(first?.what).toMatch(/^flights-api: first sign\. /);
    expect(secondOf(first?.at ?? 0)).toBeLessThanOrEqual(FAULT_AT_SECONDS + 4);
    expect(incident?.timeline.at(-1)?.what).toBe('closed: no symptom for 12 s');
  });

  test('every stage reports, with its file', () => {
    expect(runs.at(-1)?.reported.pipeline.stages.map(({ name }) => name)).toEqual([
      'collect',
      'assess',
      'parse',
      'detect',
      'forecast',
      'correlate',
      'localize',
      'report',
    ]);
  });
});

describe('the stage detect', () => {
  const detectAfter = (seconds: number, without: string | undefined) => {
    const random = dice(7);
    const runs = watch(seconds, (second) => {
      const values: Record<string, number | null> = healthy(second, random);
      if (without !== undefined) values[without] = null;
      return values;
    });
    return runs.at(-1)?.reported.pipeline.stages.find(({ name }) => name === 'detect');
  };

  test('runs while what is normal is learned', () => {
    expect(detectAfter(10, undefined)).toMatchObject({
      state: 'running',
      because: `0 signals anomalous, 0 normal, ${signals.length} still learning`,
    });
  });

  test('has passed although one signal never has a value', () => {
    expect(detectAfter(60, 'replay/failure-rate')).toMatchObject({
      state: 'passed',
      because: `0 signals anomalous, ${signals.length - 1} normal, 0 still learning, 1 without a value so far`,
    });
  });
});

describe('what opens no incident', () => {
  // Ten seconds each on a core of its own.
  const patient = { timeout: 120_000 };
  test.each([1, 2, 3])('four hours of a healthy, noisy system with its nights (seed %i)', patient, (seed) => {
    const random = dice(seed);
    const runs = watch(4 * 3_600, (second) => healthy(second, random));
    expect(changesOf(runs)).toEqual([]);
  });

  test('the baseline, a static threshold on departures, raises an alert every night', () => {
    const random = dice(1);
    const departures = Array.from(
      { length: (4 * 3_600) / 2 },
      (_, step) => healthy(step * 2, random)['replay/departure-rate'] ?? null,
    );
    const alert = staticThreshold(departures, { limit: 5, bad: 'down', forPoints: 4 });
    const began = alert.filter((isOn, index) => isOn && !alert[index - 1]).length;
    expect(began).toBe(10);
  });

  test('a start-up: services come one after another, the model last', () => {
    const random = dice(4);
    const runs = watch(120, (second) => {
      const values: Record<string, number | null> = healthy(second, random);
      const isUp = (service: string) =>
        second >= { replay: 16, 'flights-api': 6, 'model-server': 10 }[service]!;
      for (const service of ['replay', 'flights-api', 'model-server']) {
        for (const id of Object.keys(values)) {
          if (id.startsWith(`${service}/`) && !isUp(service)) values[id] = id.endsWith('/up') ? 0 : null;
        }
      }
      // The first predictions find no model and a cold process.
      if (second < 26) {
        if (isUp('flights-api')) values['flights-api/degraded-ratio'] = 1;
        if (isUp('flights-api')) values['flights-api/circuit-state'] = 1;
        if (isUp('model-server')) values['model-server/latency-p95'] = 0.8;
      }
      return values;
    });
    expect(changesOf(runs)).toEqual([]);
  });

  test('a quiet start-up is not the normal of the log lines: no anomaly when flights begin to flow', () => {
    const random = dice(6);
    const runs = watch(180, (second) => {
      const values: Record<string, number | null> = healthy(second, random);
      const flown = Math.min(1, Math.max(0, (second - 40) / 15));
      values['replay/departure-rate'] = (values['replay/departure-rate'] ?? 0) * flown;
      values['aiops/log-line-rate'] = 3 + (values['aiops/log-line-rate'] ?? 0) * flown;
      return values;
    });
    expect(runs.flatMap(({ detected }) => detected.started.map(({ signalId }) => signalId))).toEqual([]);
    const last = runs.at(-1)?.detected.detections.find(({ signal }) => signal.id === 'aiops/log-line-rate');
    expect(last?.state).toBe('normal');
  });

  test('one second of stalled calls, seen by the rate window for 15 s', () => {
    const random = dice(5);
    const runs = watch(120, (second) => {
      const values = healthy(second, random);
      if (second >= 60 && second < 76) {
        values['flights-api/degraded-ratio'] = 0.09;
        values['flights-api/latency-p95'] = 0.6;
        values['model-server/latency-p95'] = 0.4;
      }
      if (second >= 60 && second < 66) values['flights-api/circuit-state'] = 1;
      return values;
    });
    expect(changesOf(runs)).toEqual([]);
  });

  test('a service that restarts within seconds', () => {
    const random = dice(6);
    const runs = watch(180, (second) => {
      const values: Record<string, number | null> = healthy(second, random);
      if (second < 60 || second >= 66) return values;
      for (const id of Object.keys(values)) {
        if (id.startsWith('model-server/')) values[id] = id.endsWith('/up') ? 0 : null;
      }
      return values;
    });
    expect(changesOf(runs)).toEqual([]);
  });
});

describe('one trouble, one incident', () => {
  test('a fault that flaps reopens its incident', () => {
    const random = dice(7);
    const runs = watch(300, (second) => {
      const values = healthy(second, random);
      return second < 120 ? slowModel(values, second - 60) : slowModel(values, second - 140);
    });
    expect(changesOf(runs).map(({ kind }) => kind)).toEqual(['opened', 'closed', 'reopened', 'closed']);
    expect(runs.at(-1)?.reported.incidents).toHaveLength(1);
  });

  test('a fault ten minutes later is another incident', () => {
    const random = dice(8);
    const runs = watch(900, (second) => {
      const values = healthy(second, random);
      return second < 400 ? slowModel(values, second - 60) : slowModel(values, second - 700);
    });
    expect(changesOf(runs).map(({ kind }) => kind)).toEqual(['opened', 'closed', 'opened', 'closed']);
    expect(new Set(runs.at(-1)?.reported.incidents.map(({ id }) => id)).size).toBe(2);
  });

  test('a dead service is named, and the incident lasts as long as it is dead', () => {
    const random = dice(9);
    const runs = watch(300, (second) => {
      const values: Record<string, number | null> = slowModel(healthy(second, random), second - 60);
      if (second < 60 || second > 200) return { ...values };
      for (const id of Object.keys(values)) {
        if (id.startsWith('model-server/')) values[id] = id.endsWith('/up') ? 0 : null;
      }
      return { ...values, 'flights-api/degraded-ratio': 1, 'flights-api/circuit-state': 1 };
    });
    expect(changesOf(runs).map(({ kind }) => kind)).toEqual(['opened', 'closed']);
    const [incident] = runs.at(-1)?.reported.incidents ?? [];
    expect(incident?.causes[0]?.service).toBe('model-server');
    expect(secondOf(incident?.closedAt ?? 0)).toBeGreaterThan(200);
  });

  test('trouble of aiops itself is no part of it', () => {
    const random = dice(10);
    const runs = watch(180, (second) => {
      const values = slowModel(healthy(second, random), second - 60);
      return second < 60 ? values : { ...values, 'aiops/latency-p95': 0.9 };
    });
    const incidents = runs.at(-1)?.reported.incidents ?? [];
    expect(incidents.map(({ causes }) => causes[0]?.service)).toEqual(['model-server', 'aiops']);
  });
});

test('an open incident survives a restart in its middle and is closed when the fault ends', () => {
  const trace = slowModelAt(60, dice(11));
  const before = watch(76, trace);
  const earlier = { incidents: before.at(-1)?.reported.incidents ?? [], templates: [] };
  expect(earlier.incidents.map(({ state }) => state)).toEqual(['open']);

  const stored = JSON.parse(JSON.stringify(earlier)) as typeof earlier;
  const after = watch(120, trace, createMemory(signals, SAMPLING, START + 82_000, stored), 82);
  expect(changesOf(after).map(({ kind }) => kind)).toEqual(['closed']);
  const [incident] = after.at(-1)?.reported.incidents ?? [];
  expect(incident?.id).toBe(earlier.incidents[0]?.id);
  expect(secondOf(incident?.closedAt ?? 0)).toBeGreaterThan(90);
});
