import { createLogger } from 'service-chassis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import type { TargetReport } from '../src/collect/target-report.js';
import { SERVICES, up } from './quality-rounds.js';
import { START, STEP_MS, asSamples, dice, healthy } from './simulation.js';

interface Finding {
  kind: string;
  source: string;
  since: string;
  because: string;
}

const logged: string[] = [];
let aiops: Aiops;
let second = 0;
const random = dice(1);
const at = () => START + second * 1_000;

beforeAll(async () => {
  const stream = {
    write: (line: string) => void logged.push((JSON.parse(line) as { message: string }).message),
  };
  const logger = createLogger({ service: 'aiops', stream, pretty: false });
  aiops = await startAiops(aiopsConfig.parse({ PORT: 0 }), { logger, now: at, isCollecting: false });
});
afterAll(async () => aiops.close());

async function send(service: string, lines: readonly { body: string; at: number }[]): Promise<void> {
  const logRecords = lines.map(({ body, at: written }) => ({
    body: { stringValue: body },
    timeUnixNano: `${written}000000`,
  }));
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  const response = await fetch(`${aiops.url}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] }),
  });
  expect(response.status).toBe(200);
}

function evaluate(spoil: (targets: TargetReport[]) => TargetReport[] = (targets) => targets): void {
  const targets = SERVICES.map((job) => up(job, at()));
  aiops.evaluate(asSamples(healthy(second, random), at()), at(), spoil(targets));
  second += STEP_MS / 1_000;
}

async function ask(path: string): Promise<unknown> {
  return (await fetch(`${aiops.url}${path}`)).json();
}

async function findings(): Promise<Finding[]> {
  return ((await ask('/v1/quality')) as { findings: Finding[] }).findings;
}

const board = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ body: `board ${index} updated`, at: at() - index }));

test('a healthy minute has nothing to tell', async () => {
  for (let round = 0; round < 30; round += 1) {
    await send('flights-api', board(20));
    evaluate();
  }
  expect(await ask('/v1/quality')).toEqual({ findings: [], notJudged: [] });
});

test('a batch sent twice, a flood and a clock ahead are told', async () => {
  const batch = board(40);
  await send('flights-api', batch);
  evaluate();
  await send('flights-api', batch);
  evaluate();
  await send('flights-api', board(3_000));
  evaluate();
  for (let round = 0; round < 3; round += 1) {
    await send('replay', [{ body: 'departed', at: at() + 60_000 }]);
    evaluate();
  }
  const told = await findings();
  expect(told.map(({ kind, source }) => `${kind} of ${source}`).sort()).toEqual([
    'clock-skew of replay',
    'duplicates of flights-api',
    'log-flood of flights-api',
  ]);
  expect(told.find(({ kind }) => kind === 'duplicates')?.because).toBe('40 log lines came a second time');
});

test('a target that stands still and one that restarted are told, and what is not judged', async () => {
  const since = at() - 20_000;
  evaluate((targets) =>
    targets.map((target) => {
      if (target.job === 'model-server') return up('model-server', at(), { sameSince: since });
      return target.job === 'replay' ? up('replay', at(), { resets: 3 }) : target;
    }),
  );
  const { notJudged } = (await ask('/v1/quality')) as { notJudged: { signalId: string; because: string }[] };
  expect(notJudged.find(({ signalId }) => signalId === 'model-server/latency-p95')?.because).toBe(
    `not judged: stale-target of model-server: it answers the very same text since ${new Date(since).toISOString()}`,
  );
  const kinds = (await findings()).map(({ kind }) => kind);
  expect(kinds).toContain('stale-target');
  expect(kinds).toContain('counter-reset');
});

test('metrics, the log and the pipeline say the same, and no incident opened', async () => {
  const metrics = await (await fetch(`${aiops.url}/metrics`)).text();
  expect(metrics).toMatch(/^aiops_data_quality_findings\{kind="stale-target"\} 1$/m);
  expect(metrics).toMatch(/^aiops_data_quality_findings\{kind="missing-scrapes"\} 0$/m);
  expect(logged.filter((text) => text.startsWith('data quality of replay: clock-skew: '))).toHaveLength(1);
  const { stages } = (await ask('/v1/pipeline')) as { stages: { name: string; because: string }[] };
  expect(stages.find(({ name }) => name === 'assess')?.because).toContain('stale-target of model-server');
  expect(await ask('/v1/incidents')).toEqual({ incidents: [] });
});
