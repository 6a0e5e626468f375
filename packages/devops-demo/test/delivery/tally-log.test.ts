import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Histogram, Registry } from 'prom-client';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openRecords } from '../../src/delivery/records/store.js';
import { readTallies } from '../../src/delivery/slo/store.js';

const stateDir = mkdtempSync(join(tmpdir(), 'triops-tally-'));
const traffic = join(stateDir, 'traffic');
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Records of a process that answered `count` requests more each time `answers` is called. */
function watched() {
  const registry = new Registry();
  const warnings: string[] = [];
  const records = openRecords({ stateDir, registry, warn: (sentence) => warnings.push(sentence) });
  const histogram = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'as the chassis observes it',
    labelNames: ['http_route', 'http_response_status_code'],
    registers: [registry],
  });
  const labels = { http_route: '/v1/flights', http_response_status_code: '200' };
  return {
    registry,
    records,
    warnings,
    answers: (count: number) => {
      for (let n = 0; n < count; n += 1) histogram.observe(labels, 0.01);
    },
  };
}

const halfAMinute = async () => vi.advanceTimersByTimeAsync(30_000);
const requests = () => readTallies(stateDir).map((tally) => tally.requests);

it('a traffic folder that was removed is made again', async () => {
  const { records, answers, warnings } = watched();
  rmSync(traffic, { recursive: true });
  answers(3);
  await halfAMinute();
  expect([requests(), warnings]).toEqual([[3], []]);
  await records.stop();
});

it('traffic that cannot be written is told once, kept, and written when it can be', async () => {
  const { registry, records, answers, warnings } = watched();
  rmSync(traffic, { recursive: true });
  writeFileSync(traffic, 'a file where the folder was');
  answers(3);
  await halfAMinute();
  answers(4);
  await halfAMinute();
  expect(warnings).toEqual([expect.stringContaining("the error budget's traffic cannot be written now")]);
  const exposition = await registry.metrics();
  expect(exposition).toContain('http_server_request_duration_seconds_count');
  expect(exposition, 'unknown, and not 0').not.toMatch(/^devops_releases_frozen/m);
  rmSync(traffic);
  await halfAMinute();
  expect(requests()).toEqual([7]);
  rmSync(traffic, { recursive: true });
  writeFileSync(traffic, '');
  answers(1);
  await records.stop();
  expect(warnings, 'the next outage').toHaveLength(2);
});
