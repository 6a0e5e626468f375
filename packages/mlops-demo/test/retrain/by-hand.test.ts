/** `mlops retrain`: what it leaves behind when it cannot train. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openAuditLog } from 'devops-demo/audit';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { UsageError } from '../../src/command-line.js';
import { retrain } from '../../src/commands/retrain/cli.js';
import { RETRAIN_USAGE } from '../../src/commands/retrain.js';
import { readStages, registerModel, transition } from '../../src/registry/changes/store.js';
import { whatWentWrong } from '../../src/retrain/child/process.js';
import { readRetrainState, writeRetrainState } from '../../src/retrain/store.js';
import type { trainChallenger } from '../../src/retrain/train/store.js';
import { artifactOf, randomModel } from '../serve/world.js';

// As in a container that runs under a number without a name.
vi.mock('node:os', async (original) => ({
  ...(await original<object>()),
  userInfo: () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  },
}));

const train = vi.hoisted(() => vi.fn<typeof trainChallenger>());
vi.mock('../../src/retrain/train/store.js', () => ({ trainChallenger: train }));
beforeEach(() => {
  train.mockReset();
  printed.length = 0;
});

/** All that a test has made it print. */
const printed: string[] = [];
const said = (): string => printed.join('\n');

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'triops-by-hand-'));
  onTestFinished(async () => rm(made, { recursive: true, force: true }));
  for (const method of ['log', 'error'] as const) {
    const spy = vi.spyOn(console, method).mockImplementation((line: string) => void printed.push(line));
    onTestFinished(() => spy.mockRestore());
  }
  return made;
}

it.each(['--out', '--dir'])('a day that nothing can be learned from is no attempt (%s)', async (option) => {
  const made = await folder();
  await expect(retrain(['--through', '2001-01-20', option, made])).rejects.toThrow(UsageError);
  expect(existsSync(join(made, 'retrain.json'))).toBe(false);
});

describe('an attempt that stands in training', () => {
  const at = '2001-03-11T10:00:00Z';
  const attempt = {
    startedAt: at,
    trigger: 'by hand',
    because: 'person:ada asked: because',
    dataThrough: '2001-03-10',
  } as const;
  async function inTraining(): Promise<string> {
    const made = await folder();
    await writeRetrainState(made, { phase: { name: 'training', since: at }, attempts: [attempt] });
    return made;
  }

  it('is discarded with the reason when its training throws', async () => {
    const made = await inTraining();
    train.mockRejectedValueOnce(new Error('the disk is full'));
    expect(await retrain(['--through', '2001-03-10', '--out', made])).toBe(1);
    const { phase, attempts } = await readRetrainState(made);
    expect(phase).toEqual({ name: 'idle' });
    expect(attempts).toMatchObject([{ outcome: 'discarded', settled: true }]);
    expect(attempts[0]?.endedBecause).toBe('training failed: the disk is full');
    expect(existsSync(join(made, '.retrain.lock'))).toBe(false);
  });

  it('is not gone on with for another day: nothing is trained, and the way out is named', async () => {
    const made = await inTraining();
    const before = await readRetrainState(made);
    const words = ['--through', '2001-03-15', '--because', 'other', '--by', 'person:b', '--out', made];
    expect(await retrain(words)).toBe(1);
    expect(train).not.toHaveBeenCalled();
    expect(await readRetrainState(made)).toEqual(before);
    expect(said()).toContain(
      'mlops: an attempt is under way (training, through 2001-03-10; person:ada asked: because): `npx mlops retrain --through 2001-03-10` finishes it',
    );
  });
});

it('without a model in production nothing is trained', async () => {
  const made = await folder();
  expect(await retrain(['--through', '2001-03-31', '--out', made])).toBe(1);
  expect(train).not.toHaveBeenCalled();
  expect(said()).toContain('run `npx mlops run` first');
  expect(existsSync(join(made, 'retrain.json'))).toBe(false);
});

it('a challenger that a person has archived is taken over, and the next attempt begins', async () => {
  const made = await folder();
  await chooseBackend('cpu');
  for (const [seed, version] of [
    [1, 'm-1'],
    [2, 'm-2'],
    [3, 'm-3'],
  ] as const)
    await registerModel(made, await artifactOf(randomModel(seed), version, []));
  const change = { because: 'test', at: '2001-03-01T10:00:00Z' } as const;
  await transition(made, { ...change, version: 'm-1', to: 'production', by: 'pipeline' });
  const trained = { what: 'trained', state: 'registered', champion: 'm-1', because: 'better' } as const;
  train.mockResolvedValueOnce({ ...trained, version: 'm-2' });
  expect(await retrain(['--through', '2001-03-31', '--out', made])).toBe(0);
  const again = async () => retrain(['--through', '2001-04-01', '--out', made]);
  expect(await again()).toBe(1);
  expect(said()).toContain(
    'under way (shadow): `npx mlops serve` carries it on, `npx mlops stage m-2 archived`',
  );
  await transition(made, { ...change, version: 'm-2', to: 'archived', by: 'person:ada' });
  train.mockResolvedValueOnce({ ...trained, version: 'm-3' });
  expect(await again()).toBe(0);
  const { phase, attempts } = await readRetrainState(made);
  expect(phase).toMatchObject({ name: 'shadow', version: 'm-3' });
  expect(attempts[0]).toMatchObject({
    outcome: 'taken over',
    endedBecause: 'by person:ada: m-2 is archived',
    settled: true,
  });
});

describe('killed after retrain.json says shadow and before the registry does', () => {
  const at = '2001-01-21T10:00:00Z';
  const attempt = { startedAt: at, trigger: 'by hand', because: 'asked', dataThrough: '2001-01-20' } as const;
  async function killedInBetween(): Promise<string> {
    const made = await folder();
    await chooseBackend('cpu');
    await registerModel(made, await artifactOf(randomModel(1), 'm-1', []));
    const phase = { name: 'shadow', since: at, version: 'm-1' } as const;
    await writeRetrainState(made, { phase, attempts: [{ ...attempt, version: 'm-1' }] });
    return made;
  }
  const stageOf = async (made: string) =>
    (await readStages(made)).map(({ version, stage }) => `${version} ${stage}`);

  it('the next call makes it a shadow, once, and begins no other attempt', async () => {
    const made = await killedInBetween();
    for (const _ of ['the first', 'the second']) {
      expect(await retrain(['--through', '2001-03-31', '--out', made])).toBe(1);
      expect(await stageOf(made)).toEqual(['m-1 shadow']);
    }
    const staged = (await openAuditLog(made).entries()).filter(({ action }) => action === 'model.staged');
    expect(staged).toHaveLength(1);
    expect((await readRetrainState(made)).phase).toMatchObject({ name: 'shadow', version: 'm-1' });
  });

  it('what a person has moved since is left alone', async () => {
    const made = await killedInBetween();
    const change = { by: 'person:ada', because: 'not this one', at } as const;
    await transition(made, { ...change, version: 'm-1', to: 'archived' });
    await transition(made, { ...change, version: 'm-1', to: 'candidate' });
    // Nothing is in production here: no other attempt begins.
    expect(await retrain(['--through', '2001-03-31', '--out', made])).toBe(1);
    expect(await stageOf(made)).toEqual(['m-1 candidate']);
    expect((await readRetrainState(made)).attempts).toMatchObject([{ outcome: 'taken over' }]);
  });
});

it('a training process that ends in words is quoted with its reason, not with the usage text after it', () => {
  const said = `reads flights\nmlops: --through 2001-01-20: expected a later day\n\n${RETRAIN_USAGE}`;
  expect(whatWentWrong(said)).toBe('--through 2001-01-20: expected a later day');
  expect(whatWentWrong('FATAL ERROR: heap limit\n 1: 0x1\n 2: 0x2\n')).toBe('FATAL ERROR: heap limit');
  expect(whatWentWrong("Error: Cannot find module 'x'\n    at y\n\nNode.js v20.20.2\n")).toBe(
    "Error: Cannot find module 'x'",
  );
  expect(whatWentWrong('Killed\n')).toBe('Killed');
});
