import { createLogger } from 'service-chassis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import { createForecastMemory, forecast } from '../src/forecast/forecast.js';
import type { Forecasted } from '../src/forecast/forecast.js';
import { addSample, createStepHistory } from '../src/forecast/step-history.js';
import { signals } from '../src/signals.js';
import { START, STEP_MS, asSamples, dice, healthy } from './simulation.js';

const MEMORY = 'flights-api/resident-memory';

/** A healthy system whose board keeps 0.6 MB a second from second 200 on, with the noise of garbage collection. */
function leaking(second: number, random: () => number): Record<string, number> {
  const values = healthy(second, random);
  return { ...values, [MEMORY]: (values[MEMORY] ?? 0) + Math.max(0, second - 200) * 6e5 };
}

function watch(seconds: number, values: (second: number) => Record<string, number>): Forecasted[] {
  const memory = createForecastMemory(signals);
  return Array.from({ length: seconds / 2 }, (_, round) => {
    const at = START + round * STEP_MS;
    return forecast(asSamples(values(round * 2), at), at, memory);
  });
}

describe('the forecast stage', () => {
  test('watches the memory and event loop of every service', () => {
    expect(watch(2, (second) => healthy(second, dice(1)))[0]?.forecasts).toHaveLength(8);
  });

  test('a leak is told once, minutes before it hits, and the time of the hit lies in its range', () => {
    const random = dice(1);
    // 512 MB less 150 MB at 0.6 MB/s: the mean reaches the limit some 600 s after second 200.
    const hitAt = START + 800_000;
    const told = watch(760, (second) => leaking(second, random)).flatMap((run) => run.told);
    expect(told.map(({ signal }) => signal.id)).toEqual([MEMORY]);
    const [{ at, when, because } = { at: null, when: null, because: '' }] = told;
    expect(hitAt - (at ?? 0)).toBeGreaterThan(120_000);
    expect(Math.abs((when?.middle ?? 0) - hitAt)).toBeLessThan(90_000);
    expect(because).toMatch(
      /^reaches 512 MB between 2026-01-01T.*Z and 2026-01-01T.*Z with probability (0\.[89]\d|1\.00): /,
    );
  });

  test('two healthy hours tell nothing', () => {
    const random = dice(2);
    expect(watch(7_200, (second) => healthy(second, random)).flatMap(({ told }) => told)).toEqual([]);
  });

  test('a limit that is reached is told as reached', () => {
    const random = dice(3);
    const told = watch(300, (second) => ({ ...healthy(second, random), [MEMORY]: 6e8 })).flatMap(
      (run) => run.told,
    );
    expect(told.map(({ because }) => because)).toEqual([
      'has reached 512 MB: one service would take half of the 1 GB that the whole system may use',
    ]);
  });
});

describe('steps', () => {
  const STEPS = { stepMs: 10, mostSteps: 3 };

  test('are means of their samples; short gaps are filled, late samples ignored', () => {
    const history = createStepHistory();
    for (const [at, value] of [
      [0, 1],
      [2, 3],
      [10, 9],
      [3, 100],
      [31, 5],
      [40, 0],
    ] as const)
      addSample(history, at, value, STEPS);
    // 0: mean of 1 and 3; 10: 9; 20: filled; 30: 5; only the last three are kept.
    expect(history.values).toEqual([9, 9, 5]);
  });

  test('begin anew after a long gap', () => {
    const history = createStepHistory();
    for (const at of [0, 10, 20, 90, 100]) addSample(history, at, at, STEPS);
    expect(history.values).toEqual([90]);
  });
});

describe('through the interface', () => {
  const logged: string[] = [];
  let aiops: Aiops;

  beforeAll(async () => {
    const stream = {
      write: (line: string) => void logged.push((JSON.parse(line) as { message: string }).message),
    };
    const logger = createLogger({ service: 'aiops', stream, pretty: false });
    aiops = await startAiops(aiopsConfig.parse({ PORT: 0 }), {
      logger,
      now: () => START,
      isCollecting: false,
    });
    const random = dice(1);
    for (let second = 0; second < 640; second += 2)
      aiops.evaluate(asSamples(leaking(second, random), START + second * 1_000), START + second * 1_000);
  });
  afterAll(async () => aiops.close());

  test('GET /v1/forecasts, a metric and one log line say it; no incident opens', async () => {
    const { forecasts } = (await (await fetch(`${aiops.url}/v1/forecasts`)).json()) as {
      forecasts: { signalId: string; probability: number; limit: number; when: { middle: string } | null }[];
    };
    const leak = forecasts.find(({ signalId }) => signalId === MEMORY);
    expect(leak).toMatchObject({
      limit: 512e6,
      when: { middle: expect.stringMatching(/^2026-01-01T00:1/) as unknown },
    });
    expect(leak?.probability).toBeGreaterThan(0.8);

    const metrics = await (await fetch(`${aiops.url}/metrics`)).text();
    const line = /^aiops_forecast_limit_probability\{signal="flights-api\/resident-memory"\} (.*)$/m.exec(
      metrics,
    );
    expect(Number(line?.[1])).toBe(leak?.probability);
    expect(
      logged.filter((text) => text.startsWith('forecast for flights-api: Resident memory reaches 512 MB')),
    ).toHaveLength(1);
    expect(await (await fetch(`${aiops.url}/v1/incidents`)).json()).toEqual({ incidents: [] });
  });
});
