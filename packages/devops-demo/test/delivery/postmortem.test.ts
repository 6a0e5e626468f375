import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/delivery/audit.js';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import { changesSince } from '../../src/delivery/changes-since/store.js';
import { postmortem } from '../../src/delivery/postmortem.js';
import { writePostmortem } from '../../src/delivery/postmortem/store.js';
import { PACKAGE_DIR } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-postmortem-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = (second: number, action: string, because: string, details = {}): AuditEntry => ({
  at: new Date(Date.UTC(2026, 6, 1, 10, 0, second)).toISOString(),
  actor: second === 0 ? 'person:ada' : 'pipeline',
  action,
  subject: 'flights-api 0.2.0',
  because,
  details,
});

const window = {
  canary: { requests: 120, failures: 30 },
  primary: { requests: 1_080, failures: 0 },
  seconds: 20,
};
const verdict = {
  kind: 'fail',
  because: 'success rate: 25.0 % failed against 0.0 %',
  checks: [
    { check: 'success rate', kind: 'fail', because: '25.0 % failed against 0.0 %', numbers: { p: 0.00001 } },
    { check: 'typical latency', kind: 'pass', because: 'as before', numbers: {} },
  ],
};

const history = [
  entry(0, 'release.started', 'a new version'),
  entry(2, 'release.traffic-shifted', '10 % of traffic', { weight: 10 }),
  entry(22, 'release.judged', verdict.because, { verdict, window }),
  entry(23, 'release.rolled-back', verdict.because),
];

it('tells a rollback from its audit entries, and asks what they cannot say', () => {
  expect(postmortem(history, 'flights-api 0.2.0')).toEqual({
    id: 'flights-api-0.2.0-20260701T100023Z',
    markdown: `# Post-mortem: flights-api 0.2.0 was rolled back

Draft, written by the pipeline at 2026-07-01T10:00:23.000Z from the audit log. Finish it: the open questions are for people.

## Summary

success rate: 25.0 % failed against 0.0 %

## Impact

Users could meet the failed version for 21.0 s, from 2026-07-01T10:00:02.000Z to 2026-07-01T10:00:23.000Z.
It answered 120 requests, 30 of them badly, in 1 judged window.

## What detected it

The canary analysis, by its checks: success rate.

## Timeline

- 2026-07-01T10:00:00.000Z release.started (person:ada): a new version
- 2026-07-01T10:00:02.000Z release.traffic-shifted (pipeline): 10 % of traffic
- 2026-07-01T10:00:22.000Z release.judged (pipeline): success rate: 25.0 % failed against 0.0 %
- 2026-07-01T10:00:23.000Z release.rolled-back (pipeline): success rate: 25.0 % failed against 0.0 %

## Evidence

- success rate: fail. 25.0 % failed against 0.0 % (p 0.00001)
- typical latency: pass. as before

## Open questions

- [ ] Why did this pass the tests, and which test would have failed?
- [ ] Which step first sent it to users, and could an earlier one have caught it?
- [ ] What is the cause, and where else may the same cause be?
- [ ] What shall be done, by whom, until when?
`,
  });
});

it('tells only the last try, and nothing of a release that was promoted', () => {
  const again = [
    ...history,
    entry(40, 'release.started', 'again'),
    entry(50, 'release.rolled-back', 'it still fails'),
  ];
  const second = postmortem(again, 'flights-api 0.2.0');
  expect(second?.markdown).not.toContain('a new version');
  expect(second?.markdown).toContain('## Evidence\n\nNothing was recorded.');
  const promoted = [...again, entry(60, 'release.started', 'third'), entry(70, 'release.promoted', 'good')];
  expect(postmortem(promoted, 'flights-api 0.2.0')).toBeUndefined();
});

it('a version that failed before it had traffic hurt nobody', () => {
  const early = [entry(0, 'release.started', 'a new version'), entry(4, 'release.rolled-back', 'it dies')];
  const { markdown = '' } = postmortem(early, 'flights-api 0.2.0') ?? {};
  expect(markdown).toContain('## Impact\n\nNone: it failed before it had any traffic, so no user met it.\n');
  expect(markdown).not.toContain('Users could meet');
});

it('the draft is written once, and a finished one is not overwritten', async () => {
  const log = openAuditLog(folder);
  for (const one of history) await log.append(one);
  const path = await writePostmortem(folder, 'flights-api 0.2.0');
  expect(path).toBe(join(folder, 'postmortems', 'flights-api-0.2.0-20260701T100023Z.md'));
  writeFileSync(String(path), 'finished by people');
  await writePostmortem(folder, 'flights-api 0.2.0');
  expect(readFileSync(String(path), 'utf8')).toBe('finished by people');
  expect(await writePostmortem(folder, 'flights-api 9.9.9')).toBeUndefined();
});

it('outside a clone, or for an unknown commit, no changes are known', () => {
  expect(changesSince('unknown', 'c0ffee0', PACKAGE_DIR)).toEqual([]);
  expect(changesSince('c0ffee0', 'c0ffee1', folder)).toEqual([]);
  expect(changesSince('--output=x', 'c0ffee1', PACKAGE_DIR)).toEqual([]);
});
