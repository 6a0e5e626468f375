import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { advance, windowsOfStep } from '../../src/delivery/release.js';
import { createReleaseStore } from '../../src/delivery/release/store.js';
import { begun, done, observed } from './releases.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-release-store-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a release that is read again is judged on the same windows, to the bound of the last bucket', () => {
  const release = [done, done, done, observed('inconclusive')].reduce(
    (before, event) => advance(before, event, before.startedAt),
    begun,
  );
  const store = createReleaseStore(folder);
  store.save(release);
  const again = store.current();
  expect(again).toEqual(release);
  expect(again && windowsOfStep(again)[0]?.canary.latency.at(-1)?.upToSeconds).toBe(Infinity);
});
