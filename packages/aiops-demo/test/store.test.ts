import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from 'service-chassis';
import { startEmbeddedPostgres } from 'service-chassis/embedded-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import { STEP_MS, START, asSamples, dice, healthy, slowModel } from './simulation.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-aiops-'));
const dataDir = join(folder, 'data');
let postgres: Awaited<ReturnType<typeof startEmbeddedPostgres>>;
const logged: string[] = [];
const trace = traceOf(dice(1));

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir });
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

function traceOf(random: () => number): (second: number) => Record<string, number> {
  return (second) => slowModel(healthy(second, random), second - 60);
}

async function start(second: number): Promise<Aiops> {
  const stream = {
    write: (line: string) => void logged.push((JSON.parse(line) as { message: string }).message),
  };
  const logger = createLogger({ service: 'aiops', stream, pretty: false });
  const config = aiopsConfig.parse({ PORT: 0, DATABASE_URL: postgres.url });
  return startAiops(config, { logger, now: () => START + second * 1_000, isCollecting: false });
}

function watch(aiops: Aiops, from: number, to: number): void {
  for (let second = from; second < to; second += STEP_MS / 1_000) {
    aiops.evaluate(asSamples(trace(second), START + second * 1_000), START + second * 1_000);
  }
}

interface Told {
  incidents: { id: string; state: string; title: string; timeline: { what: string }[] }[];
  templates: { id: string; template: string; count: number }[];
}

async function tell(aiops: Aiops): Promise<Told> {
  const [incidents, templates] = await Promise.all(
    ['incidents', 'templates'].map(async (what) => (await fetch(`${aiops.url}/v1/${what}`)).json()),
  );
  return { ...(incidents as object), ...(templates as object) } as Told;
}

async function sendLine(aiops: Aiops, text: string): Promise<void> {
  const logRecords = [{ body: { stringValue: text } }];
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const answer = await fetch(`${aiops.url}/v1/logs`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(200);
}

test('an open incident and the templates survive a restart; the incident is closed afterwards', async () => {
  const first = await start(0);
  await sendLine(first, 'retry 1 of 3');
  watch(first, 0, 76);
  const before = await tell(first);
  expect(before.incidents.map(({ state }) => state)).toEqual(['open']);
  await first.close();

  const second = await start(80);
  await sendLine(second, 'retry 2 of 3');
  watch(second, 80, 82);
  const restored = await tell(second);
  expect(restored.incidents[0]).toMatchObject({ id: before.incidents[0]?.id, state: 'open' });
  expect(restored.incidents[0]?.timeline.map(({ what }) => what)).toContain(
    'watched again after a restart of aiops',
  );
  expect(restored.templates).toMatchObject([
    { id: before.templates[0]?.id, template: 'retry <*> of <*>', count: 2 },
  ]);

  watch(second, 82, 160);
  const after = await tell(second);
  expect(after.incidents.map(({ id, state }) => [id, state])).toEqual([[before.incidents[0]?.id, 'closed']]);
  await second.close();
});

test('without the database it works on in memory, and writes everything when the database is back', async () => {
  const aiops = await start(1_000);
  watch(aiops, 1_000, 1_040);
  const { port } = postgres;
  await postgres.stop();

  const random = dice(2);
  for (let second = 1_040; second < 1_100; second += 2) {
    const values = slowModel(healthy(second, random), second - 1_050);
    aiops.evaluate(asSamples(values, START + second * 1_000), START + second * 1_000);
  }
  await sendLine(aiops, 'said while the database was away');
  aiops.evaluate(asSamples(healthy(1_100, random), START + 1_100_000), START + 1_100_000);
  const during = await tell(aiops);
  expect(during.incidents).toHaveLength(2);

  postgres = await startEmbeddedPostgres({ dataDir, port });
  await aiops.close();
  expect(logged.some((text) => text.startsWith('the database does not answer, working in memory'))).toBe(
    true,
  );
  expect(logged).toContain('the database is back: everything noted meanwhile is written');

  const again = await start(2_000);
  again.evaluate([], START + 2_000_000);
  const after = await tell(again);
  expect(after.incidents.map(({ id }) => id)).toEqual(during.incidents.map(({ id }) => id));
  expect(after.templates.map(({ template }) => template)).toContain('said while the database was away');
  await again.close();
});

test('a database that comes late is used when it comes, and what was found meanwhile is kept', async () => {
  const { port } = postgres;
  await postgres.stop();
  const stream = { write: () => undefined };
  const logger = createLogger({ service: 'aiops', stream, pretty: false });
  const config = aiopsConfig.parse({ PORT: 0, DATABASE_URL: postgres.url });
  const aiops = await startAiops(config, {
    logger,
    now: () => START + 3_000_000,
    isCollecting: false,
    databasePatienceMs: 100,
  });
  await sendLine(aiops, 'found before the database came');
  aiops.evaluate([], START + 3_000_000);
  postgres = await startEmbeddedPostgres({ dataDir, port });
  await aiops.close();

  const again = await start(4_000);
  again.evaluate([], START + 4_000_000);
  const { templates, incidents } = await tell(again);
  expect(templates.map(({ template }) => template)).toContain('found before the database came');
  expect(incidents).toHaveLength(2);
  await again.close();
}, 60_000);
