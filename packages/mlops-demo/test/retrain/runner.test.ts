/** The runner: one attempt at a time, unattended, and after a crash it goes on where it was. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { ModelStage } from '../../src/registry/stages.js';
import { RetrainRunner } from '../../src/retrain/runner.js';
import type { RunnerWorld, TrialEnd } from '../../src/retrain/runner-world.js';
import { readRetrainState, writeRetrainState } from '../../src/retrain/store.js';

const REQUEST = { by: 'person:ada', because: 'new timetables' };

/** A world whose registry is a list, and whose trainings end when they are told to. */
async function world() {
  const folder = await mkdtemp(join(tmpdir(), 'triops-retrain-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const staged: string[] = [];
  const trainings: { dataThrough: string; end: (version: string) => void; refuse: () => void }[] = [];
  const said: string[] = [];
  const stages = new Map<string, ModelStage>();
  let by = 'retrain';
  let changes = 0;
  let refusal: string | undefined;
  let again = 0;
  let locked = false;
  let trial: TrialEnd | undefined;
  let killed = false;
  let refusedStage: string | undefined;
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (killed) throw new Error('killed');
    return work();
  };
  const shell: RunnerWorld = {
    exclusively: async (work) => {
      locked = true;
      try {
        return await work();
      } finally {
        locked = false;
      }
    },
    read: async () => readRetrainState(folder),
    write: async (state) => {
      if (!locked) throw new Error('written without the lock');
      await writeRetrainState(folder, state);
    },
    situation: () => ({
      now: '2001-04-02T17:00:00Z',
      windows: [],
      dataThrough: '2001-03-31',
      flightsJudged: 0,
    }),
    train: async (dataThrough) =>
      new Promise((resolve) => {
        const end = (version: string) =>
          resolve({ what: 'trained', state: 'registered', version, champion: 'v1', because: 'better' });
        const refuse = () => resolve({ what: 'trained', state: 'refused', because: 'the gate: AUC' });
        trainings.push({ dataThrough, end, refuse });
      }),
    stage: async ({ version, to }) =>
      alive(async () => {
        if (to === refusedStage) return { because: 'a person has archived it' };
        staged.push(`${version} ${to}`);
        stages.set(version, to);
        changes += 1;
        by = 'retrain';
        return undefined;
      }),
    standing: async (version) =>
      Promise.resolve({ stage: stages.get(version) ?? 'candidate', by, since: `change ${changes}`, refusal }),
    trialEnd: () => trial,
    tryAgain: () => void (again += 1),
    say: (sentence) => void said.push(sentence),
  };
  return {
    shell,
    staged,
    trainings,
    said,
    state: async () => readRetrainState(folder),
    ends: (end: TrialEnd) => void (trial = end),
    triedAgain: () => again,
    person: (version: string, stage: ModelStage): void => {
      stages.set(version, stage);
      changes += 1;
      by = 'person:ada';
    },
    serverRefuses: (because: string) => void (refusal = because),
    refuse: (stage: string | undefined) => void (refusedStage = stage),
    kill: (dead: boolean) => void (killed = dead),
  };
}

const pass = (stage: 'shadow' | 'canary'): TrialEnd => ({
  version: 'v2',
  stage,
  kind: 'pass',
  because: 'as good',
});

it('goes from a request to production by itself', async () => {
  const { shell, staged, trainings, said, ends, state } = await world();
  const runner = new RetrainRunner(shell);
  expect(await runner.tick()).toEqual({ state: 'wait', because: 'no trigger holds' });
  expect(await runner.tick(REQUEST)).toMatchObject({ state: 'retrain', trigger: 'by hand' });
  expect(trainings.map(({ dataThrough }) => dataThrough)).toEqual(['2001-04-01']);
  expect(await runner.tick(REQUEST)).toEqual({
    state: 'wait',
    because: 'an attempt is under way (training)',
  });
  trainings[0]?.end('v2');
  await expect.poll(async () => (await runner.tick(), (await state()).phase.name)).toBe('shadow');
  ends(pass('shadow'));
  await runner.tick();
  expect((await state()).phase).toMatchObject({ name: 'canary', share: 0.1 });
  await runner.tick();
  expect((await state()).phase.name).toBe('canary');
  ends(pass('canary'));
  await runner.tick();
  expect(await state()).toMatchObject({
    phase: { name: 'idle' },
    attempts: [{ outcome: 'promoted', settled: true }],
  });
  expect(staged).toEqual(['v2 shadow', 'v2 canary', 'v2 production']);
  expect(said.map((line) => line.split(',')[0])).toEqual([
    'retrain: training',
    'retrain: shadow',
    'retrain: canary',
    'retrain: promoted',
  ]);
});

it('killed while training, the next process trains again', async () => {
  const { shell, trainings, state } = await world();
  await new RetrainRunner(shell).tick(REQUEST);
  const next = new RetrainRunner(shell);
  await next.tick();
  expect(trainings).toHaveLength(2);
  trainings[1]?.refuse();
  await expect.poll(async () => (await next.tick(), (await state()).phase.name)).toBe('idle');
  expect((await state()).attempts).toMatchObject([{ outcome: 'discarded', endedBecause: 'the gate: AUC' }]);
});

it('killed between writing and acting, the next process acts', async () => {
  const { shell, staged, trainings, kill, state } = await world();
  const runner = new RetrainRunner(shell);
  await runner.tick(REQUEST);
  trainings[0]?.end('v2');
  kill(true);
  await expect.poll(async () => runner.tick().then(() => 'alive', String)).toBe('Error: killed');
  expect((await state()).phase.name).toBe('shadow');
  expect(staged).toEqual([]);
  kill(false);
  await new RetrainRunner(shell).tick();
  expect(staged).toEqual(['v2 shadow']);
});

it('a trial without an answer promotes nobody: the challenger goes back into the shadow', async () => {
  const { shell, staged, trainings, ends, state } = await world();
  const runner = new RetrainRunner(shell);
  await runner.tick(REQUEST);
  trainings[0]?.end('v2');
  await expect.poll(async () => (await runner.tick(), (await state()).phase.name)).toBe('shadow');
  ends(pass('shadow'));
  await runner.tick();
  ends({ version: 'v2', stage: 'canary', kind: 'inconclusive', because: 'no answer after 10 windows' });
  await runner.tick();
  expect((await state()).phase).toMatchObject({ name: 'shadow', version: 'v2' });
  expect(staged).toEqual(['v2 shadow', 'v2 canary', 'v2 shadow']);
});

it('a challenger that the registry no longer takes is discarded, and the next attempt may come', async () => {
  const { shell, trainings, ends, refuse, state } = await world();
  const runner = new RetrainRunner(shell);
  await runner.tick(REQUEST);
  trainings[0]?.end('v2');
  await expect.poll(async () => (await runner.tick(), (await state()).phase.name)).toBe('shadow');
  refuse('canary');
  ends(pass('shadow'));
  await runner.tick();
  expect(await state()).toMatchObject({
    phase: { name: 'idle' },
    attempts: [
      {
        outcome: 'discarded',
        endedBecause: 'the registry refuses to make v2 canary: a person has archived it',
      },
    ],
  });
});

/** A world with v2 in shadow. */
async function inShadow() {
  const made = await world();
  const runner = new RetrainRunner(made.shell);
  await runner.tick(REQUEST);
  made.trainings[0]?.end('v2');
  await expect.poll(async () => (await runner.tick(), (await made.state()).phase.name)).toBe('shadow');
  return { ...made, runner };
}

it.each(['archived', 'candidate', 'canary', 'production'] as const)(
  'a person makes the challenger %s: the attempt ends, and that stage is left alone',
  async (stage) => {
    const { runner, staged, person, state } = await inShadow();
    person('v2', stage);
    await runner.tick();
    const endedBecause = `by person:ada: v2 is ${stage}`;
    expect(await state()).toMatchObject({
      phase: { name: 'idle' },
      attempts: [{ outcome: 'taken over', endedBecause, settled: true }],
    });
    expect(staged).toEqual(['v2 shadow']);
  },
);

it.each(['canary', 'production'] as const)(
  'a person makes it %s while the server is down: nobody is overruled',
  async (stage) => {
    const { shell, staged, person, state } = await inShadow();
    person('v2', stage);
    await new RetrainRunner(shell).tick();
    expect(staged).toEqual(['v2 shadow']);
    expect((await state()).phase.name).toBe('idle');
  },
);

/** A world with v2 as a canary, whose process has been killed since. */
async function canaryWhileDown() {
  const made = await inShadow();
  made.ends(pass('shadow'));
  await made.runner.tick();
  expect((await made.state()).phase.name).toBe('canary');
  return made;
}

it.each(['shadow', 'archived', 'candidate', 'production'] as const)(
  'a person makes a canary %s while the server is down: nobody is overruled, and the attempt says by whom',
  async (stage) => {
    const { shell, staged, person, state } = await canaryWhileDown();
    person('v2', stage);
    await new RetrainRunner(shell).tick();
    expect(staged).toEqual(['v2 shadow', 'v2 canary']);
    expect(await state()).toMatchObject({
      phase: { name: 'idle' },
      attempts: [{ outcome: 'taken over', endedBecause: `by person:ada: v2 is ${stage}` }],
    });
  },
);

it.each(['shadow', 'archived'] as const)(
  'a person makes it %s between the written step and its action: nobody is overruled',
  async (stage) => {
    const { shell, runner, staged, ends, kill, person, state } = await inShadow();
    ends(pass('shadow'));
    kill(true);
    await expect(runner.tick()).rejects.toThrow('killed');
    expect((await state()).phase.name).toBe('canary');
    kill(false);
    person('v2', stage);
    await new RetrainRunner(shell).tick();
    expect(staged).toEqual(['v2 shadow']);
    expect((await state()).attempts).toMatchObject([{ outcome: 'taken over' }]);
  },
);

it('killed between the written step and its action, with nobody else about, the next process makes it a canary', async () => {
  const { shell, runner, staged, ends, kill } = await inShadow();
  ends(pass('shadow'));
  kill(true);
  await expect(runner.tick()).rejects.toThrow('killed');
  kill(false);
  await new RetrainRunner(shell).tick();
  expect(staged).toEqual(['v2 shadow', 'v2 canary']);
});

it('a challenger that the server refuses is archived with its reason', async () => {
  const { runner, staged, serverRefuses, state } = await inShadow();
  serverRefuses('weights.bin has another digest');
  await runner.tick();
  const endedBecause = 'the server refuses v2: weights.bin has another digest';
  expect((await state()).attempts).toMatchObject([{ outcome: 'discarded', endedBecause }]);
  expect(staged).toEqual(['v2 shadow', 'v2 archived']);
});

it('an action that could not be carried out is carried out at a later tick of the same process', async () => {
  const { runner, staged, ends, kill } = await inShadow();
  ends(pass('shadow'));
  kill(true);
  await expect(runner.tick()).rejects.toThrow('killed');
  kill(false);
  await runner.tick();
  expect(staged).toEqual(['v2 shadow', 'v2 canary']);
});

it('a promotion that the registry refuses is no promotion: discarded, archived', async () => {
  const { runner, staged, ends, refuse, state } = await inShadow();
  ends(pass('shadow'));
  await runner.tick();
  refuse('production');
  ends(pass('canary'));
  await runner.tick();
  expect((await state()).attempts).toMatchObject([
    {
      outcome: 'discarded',
      endedBecause: 'the registry refuses to make v2 production: a person has archived it',
      settled: true,
    },
  ]);
  expect(staged).toEqual(['v2 shadow', 'v2 canary', 'v2 archived']);
});

it('a trial in shadow that has found nothing begins anew while there is patience', async () => {
  const { runner, ends, state, triedAgain } = await inShadow();
  ends({ version: 'v2', stage: 'shadow', kind: 'inconclusive', because: 'no answer after 10 windows' });
  await runner.tick();
  expect((await state()).phase.name).toBe('shadow');
  expect(triedAgain()).toBe(1);
});

it('an attempt that another process left in training is trained here', async () => {
  const { shell, trainings } = await world();
  const runner = new RetrainRunner(shell);
  await runner.tick();
  const [at, because] = ['2001-04-02T10:00:00Z', 'person:ada asked'];
  await shell.exclusively(async () =>
    shell.write({
      phase: { name: 'training', since: at },
      attempts: [{ startedAt: at, trigger: 'by hand', because, dataThrough: '2001-03-30' }],
    }),
  );
  await runner.tick();
  await runner.tick();
  expect(trainings.map(({ dataThrough }) => dataThrough)).toEqual(['2001-03-30']);
});
