import { expect, it } from 'vitest';
import { dora } from '../../src/delivery/dora.js';
import type { AuditEntry } from '../../src/delivery/audit.js';
import { advance, isFinal, nextAction } from '../../src/delivery/release.js';
import type { Event, Release } from '../../src/delivery/release.js';
import { auditEntriesOf } from '../../src/delivery/release/audited.js';
import { begun, done, failed, observed, resumed } from './releases.js';

const who = {
  actor: 'person:ada',
  changes: [{ commit: 'c0ffee00c0ffee00', committedAt: '2026-07-01T09:00:00.000Z' }],
};

/** Lets the state machine run, second by second, and keeps what it says. */
function history(eventOf: (release: Release) => Event): AuditEntry[] {
  let release = begun;
  const entries = auditEntriesOf(undefined, begun, who);
  for (let second = 1; !isFinal(release.phase) && second < 200; second += 1) {
    const now = new Date(Date.parse(begun.startedAt) + second * 1_000).toISOString();
    const next = advance(release, nextAction(release)?.do === 'observe' ? eventOf(release) : done, now);
    entries.push(...auditEntriesOf(release, next, who));
    release = next;
  }
  return entries;
}

const WINDOW = { from: '2026-07-01T00:00:00.000Z', to: '2026-07-02T00:00:00.000Z' };

it('a release that passes is told from its start to its promotion, and is one deployment', () => {
  const entries = history(() => observed('pass'));
  expect(entries[0]).toMatchObject({
    actor: 'person:ada',
    action: 'release.started',
    subject: 'flights-api 0.2.0',
    because: '0.2.0 of commit c0ffee00c0ff after 0.1.0',
  });
  expect(entries.slice(1, 3).map(({ action, because }) => [action, because])).toEqual([
    ['release.traffic-shifted', 'it gets 5 % of the requests'],
    ['release.judged', 'pass: judged pass'],
  ]);
  expect(entries.at(-1)).toMatchObject({ action: 'release.promoted', actor: 'pipeline' });
  const measures = dora(entries, WINDOW);
  expect(measures).toMatchObject({ changeFailRate: 0, deployments: [{ outcome: 'promoted' }] });
  expect(measures.leadTimeSeconds).toBeGreaterThan(3_600);
});

it('a release that fails is a failed deployment, recovered when it was taken away', () => {
  const entries = history(() => observed('fail'));
  expect(entries.map(({ action }) => action)).toEqual([
    'release.started',
    'release.traffic-shifted',
    'release.judged',
    'release.rolled-back',
  ]);
  const { changeFailRate, recoverySeconds, leadTimeSeconds } = dora(entries, WINDOW);
  expect([changeFailRate, leadTimeSeconds]).toEqual([1, null]);
  const [, shifted, , back] = entries.map(({ at }) => Date.parse(at) / 1_000);
  expect(recoverySeconds).toBe((back ?? 0) - (shifted ?? 0));
});

it('a refused one was never a deployment', () => {
  const refused = advance(begun, failed, begun.startedAt);
  const entries = [...auditEntriesOf(undefined, begun, who), ...auditEntriesOf(begun, refused, who)];
  expect(entries.at(-1)?.action).toBe('release.refused');
  expect(dora(entries, WINDOW).deployments).toEqual([]);
});

it('what a resumed controller knows already is not told again', () => {
  const next = advance({ ...begun, phase: 'observing' }, resumed(true), begun.startedAt);
  expect(
    auditEntriesOf({ ...begun, phase: 'observing' }, next, who).map(({ action }) => action),
  ).not.toContain('release.started');
});
