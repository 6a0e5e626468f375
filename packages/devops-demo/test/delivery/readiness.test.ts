import { expect, it } from 'vitest';
import { watchReadiness } from '../../src/delivery/readiness.js';

it('an outage begins a new span of readiness, but not a new deployment', async () => {
  let away = false;
  let second = 1;
  const readiness = watchReadiness(
    async () => {
      if (away) throw new Error('away');
      return true;
    },
    () => ({ now: new Date(Date.UTC(2026, 6, 1, 10, 0, second)), uptimeSeconds: second }),
  );
  expect(readiness.since(), 'nothing is known before the first check').toBeUndefined();
  await readiness.check();
  second = 2;
  await readiness.check();
  expect([readiness.since(), readiness.seconds()]).toEqual(['2026-07-01T10:00:01.000Z', 1]);
  away = true;
  await expect(readiness.check()).rejects.toThrow('the database does not answer');
  expect(readiness.since()).toBeUndefined();
  away = false;
  second = 60;
  await readiness.check();
  expect([readiness.since(), readiness.seconds()]).toEqual(['2026-07-01T10:01:00.000Z', 1]);
});
