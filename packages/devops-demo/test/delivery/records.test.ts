import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import type { Dora } from '../../src/delivery/dora.js';
import type { SloReport } from '../../src/delivery/slo/report.js';
import { openTallyLog, readTallies } from '../../src/delivery/slo/store.js';
import { startBoard } from '../harness.js';

const stateDir = mkdtempSync(join(tmpdir(), 'triops-records-'));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const said = async (action: string, secondsAgo: number, details: Record<string, unknown> = {}) =>
  openAuditLog(stateDir).append({
    at: new Date(Date.now() - secondsAgo * 1_000).toISOString(),
    actor: 'pipeline',
    action,
    subject: 'flights-api 0.2.0',
    because: 'a test',
    details,
  });

beforeAll(async () => {
  const committedAt = new Date(Date.now() - 160_000).toISOString();
  await said('release.started', 120, { changes: [{ commit: 'c0ffee', committedAt }] });
  await said('release.promoted', 60);
});

it('a running board answers DORA from the audit log, and as metrics', async () => {
  const board = await startBoard({ stateDir });
  const { body } = await board.get<Dora>('/v1/delivery/dora');
  expect(body).toMatchObject({
    changeFailRate: 0,
    deploymentsPerDay: 1,
    deployments: [{ outcome: 'promoted' }],
  });
  expect(Math.round(body.leadTimeSeconds ?? 0)).toBe(100);
  expect(await board.metric('devops_dora_deployments')).toBe(1);
  expect(await board.metric('devops_dora_recovery_seconds'), 'nothing has failed').toBeUndefined();
  await board.close();
});

it('the error budget counts what this board answered, and outlives it', async () => {
  const board = await startBoard({ stateDir });
  for (let n = 0; n < 5; n += 1) await board.get('/v1/flights');
  const { body } = await board.get<SloReport>('/v1/delivery/slo');
  expect(body.budgets).toMatchObject([
    { objective: 'success', requests: 5, spent: 0, state: 'unknown' },
    { objective: 'latency', requests: 5 },
  ]);
  expect(await board.metric('devops_releases_frozen')).toBe(0);
  await board.close();
  expect(readTallies(stateDir)).toMatchObject([{ requests: 5, failed: 0 }]);
  openTallyLog(stateDir, new Date()).append({
    at: new Date().toISOString(),
    requests: 1_000,
    failed: 9,
    slow: 0,
  });
  const next = await startBoard({ stateDir });
  const frozen = (await next.get<SloReport>('/v1/delivery/slo')).body;
  expect([frozen.frozen, frozen.budgets[0]?.requests, frozen.budgets[0]?.spent]).toEqual([true, 1_005, 9]);
  expect(await next.metric('devops_releases_frozen')).toBe(1);
  await next.close();
});

it('a folder that cannot be written is no reason not to serve', async () => {
  const file = join(stateDir, 'a-file');
  writeFileSync(file, '');
  const board = await startBoard({ stateDir: join(file, 'below') });
  expect((await board.get('/v1/delivery/slo')).status).toBe(200);
  expect((await board.get<Dora>('/v1/delivery/dora')).body.deployments).toEqual([]);
  expect(
    board.lines.some(({ msg, message }) => String(msg ?? message).includes('ends with this process')),
  ).toBe(true);
  await board.close();
});
