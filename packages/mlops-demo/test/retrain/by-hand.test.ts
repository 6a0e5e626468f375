/** `mlops retrain`: what it leaves behind when it cannot train. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { UsageError } from '../../src/command-line.js';
import { retrain } from '../../src/commands/retrain/cli.js';
import { readRetrainState, writeRetrainState } from '../../src/retrain/store.js';

// As in a container that runs under a number without a name.
vi.mock('node:os', async (original) => ({
  ...(await original<object>()),
  userInfo: () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  },
}));

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'triops-by-hand-'));
  onTestFinished(async () => rm(made, { recursive: true, force: true }));
  for (const method of ['log', 'error'] as const) {
    const spy = vi.spyOn(console, method).mockReturnValue(undefined);
    onTestFinished(() => spy.mockRestore());
  }
  return made;
}

it.each(['--out', '--dir'])('a day that nothing can be learned from is no attempt (%s)', async (option) => {
  const made = await folder();
  await expect(retrain(['--through', '2001-01-20', option, made])).rejects.toThrow(UsageError);
  expect(existsSync(join(made, 'retrain.json'))).toBe(false);
});

it('an attempt whose training throws is discarded with the reason', async () => {
  const made = await folder();
  const at = '2001-01-21T10:00:00Z';
  const attempt = { startedAt: at, trigger: 'by hand', because: 'asked', dataThrough: '2001-01-20' } as const;
  await writeRetrainState(made, { phase: { name: 'training', since: at }, attempts: [attempt] });
  expect(await retrain(['--through', '2001-03-31', '--out', made])).toBe(1);
  const { phase, attempts } = await readRetrainState(made);
  expect(phase).toEqual({ name: 'idle' });
  expect(attempts).toMatchObject([{ outcome: 'discarded', settled: true }]);
  expect(attempts[0]?.endedBecause).toMatch(/^training failed: .*2001-01-20/);
  expect(existsSync(join(made, '.retrain.lock'))).toBe(false);
});
