/** A person changes what is in production while a challenger is tried: the challenger does not take that place. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { readStages, registerModel, rollback, transition } from '../../src/registry/changes/store.js';
import { RetrainRunner } from '../../src/retrain/runner.js';
import type { TrialEnd } from '../../src/retrain/runner-world.js';
import { NEVER_RETRAINED } from '../../src/retrain/state.js';
import type { RetrainState } from '../../src/retrain/state.js';
import { giveStage } from '../../src/serve/retrainer.js';
import { artifactOf, randomModel } from '../serve/world.js';

const at = '2001-04-02T17:00:00Z';
const ada = { by: 'person:ada', because: 'm-1 harms', at };

/** A registry with m-1 in production, m-0 before it, and v-1 in canary. */
async function inCanary() {
  vi.stubEnv('TRIOPS_STATE_DIR', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const modelsDir = await mkdtemp(join(tmpdir(), 'triops-rolled-back-'));
  onTestFinished(async () => rm(modelsDir, { recursive: true, force: true }));
  await chooseBackend('cpu');
  for (const version of ['m-0', 'm-1', 'v-1'])
    await registerModel(modelsDir, await artifactOf(randomModel(1), version, []));
  for (const version of ['m-0', 'm-1']) await transition(modelsDir, { ...ada, version, to: 'production' });
  let state: RetrainState = NEVER_RETRAINED;
  let trial: TrialEnd | undefined;
  const runner = new RetrainRunner({
    exclusively: async (work) => work(),
    read: () => Promise.resolve(state),
    write: (written) => Promise.resolve(void (state = written)),
    situation: () => ({ now: at, windows: [], dataThrough: '2001-03-31', flightsJudged: 0 }),
    train: () =>
      Promise.resolve({
        what: 'trained',
        state: 'registered',
        version: 'v-1',
        champion: 'm-1',
        because: 'ok',
      }),
    stage: async (action, when) => giveStage(modelsDir, action, when),
    standing: async (version) => {
      const record = (await readStages(modelsDir)).find((each) => each.version === version);
      return { stage: record?.stage, by: record?.by, since: record?.since };
    },
    trialEnd: () => trial,
    tryAgain: () => undefined,
    say: () => undefined,
  });
  await runner.tick({ by: 'person:ada', because: 'new timetables' });
  await expect.poll(async () => (await runner.tick(), state.phase.name)).toBe('shadow');
  trial = { version: 'v-1', stage: 'shadow', kind: 'pass', because: 'as good' };
  await runner.tick();
  expect(state.phase.name).toBe('canary');
  trial = { version: 'v-1', stage: 'canary', kind: 'pass', because: 'as good' };
  const stages = async () => (await readStages(modelsDir)).map(({ version, stage }) => `${version} ${stage}`);
  return { modelsDir, runner, state: () => state, stages };
}

it('a person rolls back during the canary: the attempt ends, taken over, and its challenger is archived', async () => {
  const { modelsDir, runner, state, stages } = await inCanary();
  await rollback(modelsDir, ada);
  await runner.tick();
  expect(await stages()).toEqual(['m-0 production', 'm-1 archived', 'v-1 archived']);
  expect(state()).toMatchObject({
    phase: { name: 'idle' },
    attempts: [
      {
        outcome: 'taken over',
        settled: true,
        endedBecause:
          'the registry refuses to make v-1 production: m-0 has come into production meanwhile: v-1 was not compared with it',
      },
    ],
  });
});

it('what is in production is what the challenger was compared with: it takes that place', async () => {
  const { runner, state, stages } = await inCanary();
  await runner.tick();
  expect(await stages()).toEqual(['m-0 archived', 'm-1 archived', 'v-1 production']);
  expect(state().attempts).toMatchObject([{ outcome: 'promoted', settled: true }]);
});
