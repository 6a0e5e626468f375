import { expect, it } from 'vitest';
import { endDeployment, planDeployment } from '../../src/delivery/deployment.js';
import type { Found } from '../../src/delivery/deployment.js';
import type { Release, Version } from '../../src/delivery/release.js';
import { auditEntriesOf } from '../../src/delivery/release/audited.js';
import { dora } from '../../src/delivery/dora.js';
import { begun as someRelease } from './releases.js';

const NOW = '2026-07-01T12:00:00.000Z';
const version = (name: string): Version => ({ version: name, commit: 'c0ffee00', digest: name.repeat(64) });
const [a, b, c] = [version('a'), version('b'), version('c')];
const empty: Found = { runs: {}, mine: a, deployed: undefined, begun: undefined, releases: [] };

function bringing(found: Found): Release {
  const plan = planDeployment(found, NOW);
  if (plan.do !== 'bring') throw new Error(`expected "bring", got ${JSON.stringify(plan)}`);
  return plan.release;
}
const deployed = endDeployment(bringing(empty), 'serves', NOW);
const aServes: Found = { ...empty, runs: { blue: a }, deployed };
const release = (candidate: Version, phase: Release['phase'], startedAt: string): Release => ({
  ...someRelease,
  candidate,
  phase,
  startedAt,
});

it('the first version is brought to the first slot', () => {
  expect(bringing(empty)).toMatchObject({ candidate: a, slots: { candidate: 'blue' }, phase: 'starting' });
});

it('what serves already is kept', () => {
  expect(planDeployment(aServes, NOW)).toEqual({ do: 'keep', slot: 'blue', digest: a.digest });
});

it('another image is brought to the free slot, and the old version serves until then', () => {
  const plan = planDeployment({ ...aServes, mine: b }, NOW);
  expect(plan).toMatchObject({ do: 'bring', old: 'blue', release: { candidate: b, primary: a } });
  expect(bringing({ ...aServes, mine: b }).slots).toEqual({ candidate: 'green', primary: 'blue' });
});

it('what was released from a folder since outlives a start with the same image', () => {
  const found = {
    ...aServes,
    runs: { green: c },
    releases: [release(c, 'promoted', '2026-07-01T13:00:00Z')],
  };
  expect(planDeployment(found, NOW)).toEqual({ do: 'keep', slot: 'green', digest: c.digest });
});

it.each(['rolled-back', 'stopped', 'refused'] as const)(
  'an image whose release was %s is not brought',
  (end) => {
    const found = { ...aServes, mine: b, releases: [release(b, end, '2026-07-01T11:00:00Z')] };
    expect(planDeployment(found, NOW)).toMatchObject({ do: 'keep', slot: 'blue' });
  },
);

it('an image that was promoted before another was deployed is brought again', () => {
  const releases = [release(b, 'promoted', '2026-07-01T11:00:00Z')];
  expect(bringing({ ...aServes, mine: b, releases }).candidate).toEqual(b);
  const since = [release(b, 'promoted', '2026-07-01T13:00:00Z')];
  expect(planDeployment({ ...aServes, mine: b, releases: since }, NOW).do).toBe('keep');
});

it('a deployment that was cut off goes on in its slot, wherever it was', () => {
  const begun = bringing({ ...aServes, runs: { green: a }, mine: b });
  const beside = { ...aServes, mine: b, begun, runs: { blue: b, green: a } };
  expect(planDeployment(beside, NOW)).toEqual({ do: 'bring', release: begun, old: 'green' });
  expect(planDeployment({ ...beside, runs: { blue: b } }, NOW)).toEqual({ do: 'bring', release: begun });
});

it('with a record in both slots the one that was deployed last serves, whichever it is', () => {
  for (const [candidate, primary] of [
    ['green', 'blue'],
    ['blue', 'green'],
  ] as const) {
    const brought = endDeployment(bringing({ ...aServes, mine: b }), 'serves', NOW);
    const found = {
      ...empty,
      runs: { [candidate]: b, [primary]: a },
      mine: b,
      deployed: { ...brought, slots: { candidate, primary } },
    };
    expect(planDeployment(found, NOW)).toEqual({ do: 'keep', slot: candidate, digest: b.digest });
  }
});

it('a failed start met no user, so it is no deployment, whatever ran before', () => {
  const who = { actor: 'pipeline', changes: [] };
  const second = bringing({ ...aServes, mine: b });
  const entries = (begun: Release, servesOn: boolean) => [
    ...auditEntriesOf(undefined, begun, who),
    ...auditEntriesOf(begun, endDeployment(begun, { failed: 'it dies', servesOn }, NOW), who),
  ];
  const window = { from: '2026-07-01T00:00:00.000Z', to: '2026-07-02T00:00:00.000Z' };
  expect(entries(second, true).at(-1)?.action).toBe('release.rolled-back');
  expect(dora(entries(second, true), window).deployments).toEqual([]);
  expect(dora(entries(bringing(empty), false), window).deployments).toEqual([]);
});
