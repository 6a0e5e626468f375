/** The whole system, real parts, in real time: the two stories that the project promises. */
import { afterAll, describe, expect, it } from 'vitest';
import type { Summary } from '../src/watch/summary.js';
import { answers, endDemos, newStateDir, startDemo } from './fixtures/demo-process.js';
import type { DemoProcess } from './fixtures/demo-process.js';

const MAIN = '../../dist/main.js';
/** A cold start trains a model; two cores may be busy. */
const TIMEOUT_MS = 420_000;
const stateDir = newStateDir();

afterAll(endDemos);

async function run(args: string[]): Promise<{ demo: DemoProcess; code: number | null; summary: Summary }> {
  const demo = startDemo(MAIN, [...args, '--json'], stateDir);
  const code = await demo.ended;
  if (demo.stdout() === '') throw new Error(`the demo printed no summary:\n${demo.stderr()}`);
  return { demo, code, summary: JSON.parse(demo.stdout()) as Summary };
}

async function expectNothingLeft(demo: DemoProcess): Promise<void> {
  expect(demo.offspring()).toEqual([]);
  for (const port of demo.ports()) expect(await answers(port)).toBe(false);
}

describe('the whole system', { timeout: TIMEOUT_MS }, () => {
  it('without a fault: flights flow, the model answers, no incident opens, in less than 1 GB', async () => {
    const { demo, code, summary } = await run(['--for', '80']);
    expect(summary.exitReasons).toEqual([]);
    expect(code).toBe(0);
    expect(summary.incidents).toEqual([]);
    expect(summary.flightsReplayed).toBeGreaterThan(500);
    expect(summary.outcomesReplayed).toBeGreaterThan(0);
    expect(summary.predictionsServed).toBeGreaterThan(500);
    expect(summary.boardErrors).toBe(0);
    expect(summary.metricsScraped).toBeGreaterThan(0);
    expect(summary.logLinesClustered).toBeGreaterThan(0);
    expect(summary.modelVersion).toMatch(/^2001-01-31/);
    expect(summary.peakMemoryMb).toBeLessThan(1_024);
    await expectNothingLeft(demo);
  });

  it('slow-model, on the state of the run before: the board degrades and never fails, one incident names model-server first and closes', async () => {
    const { demo, code, summary } = await run(['--for', '120', '--fault', 'slow-model']);
    expect(summary.exitReasons).toEqual([]);
    expect(code).toBe(0);
    expect(summary.boardErrors).toBe(0);
    expect(summary.degradedAnswers).toBeGreaterThan(50);
    expect(summary.incidents).toHaveLength(1);
    expect(summary.incidents[0]).toMatchObject({ firstCause: 'model-server', state: 'closed' });
    const [fault] = summary.faults;
    expect(fault).toMatchObject({ name: 'slow-model', where: 'model-server' });
    const began = Date.parse(fault?.startedAt ?? '');
    const ended = Date.parse(fault?.endedAt ?? '');
    expect(ended - began).toBeGreaterThan(29_000);
    expect(Date.parse(summary.incidents[0]?.openedAt ?? '')).toBeGreaterThan(began);
    expect(Date.parse(summary.incidents[0]?.closedAt ?? '')).toBeGreaterThan(ended);
    // A warm start: the model is there, and the replay goes on where the first run ended.
    expect(demo.stderr()).toMatch(/training +not-needed/);
    expect(summary.startupSeconds).toBeLessThan(60);
    expect(Date.parse(summary.simulatedTime ?? '')).toBeGreaterThan(Date.parse('2001-02-01T14:30:00Z'));
    await expectNothingLeft(demo);
  });
});
