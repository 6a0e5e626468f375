import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const script = (name: string): string =>
  fileURLToPath(new URL(`../../../../scripts/${name}`, import.meta.url));
const prepare = (await import(script('prepare.mjs'))) as {
  nodeProblem(version?: string): string | undefined;
  whyInstall(folder: string): string | undefined;
  run(
    program: string,
    args: string[],
    options?: object,
  ): Promise<{ code: number; output: string; timedOut: boolean }>;
};
const counting = (await import(script('count-tests.mjs'))) as {
  testedWorkspaces(root: string): string[];
  countTests(
    root: string,
    workspace: string,
  ): { passed: number; failed: number; skipped: number; failures: string[] };
  lastLine(counts: { passed: number; failed: number; skipped: number }[]): string;
};

let folder = '';
function newFolder(): string {
  folder = mkdtempSync(join(tmpdir(), 'triops-scripts-test-'));
  return folder;
}
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('prepare', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '25.1.0'])('Node %s will do', (version) => {
    expect(prepare.nodeProblem(version)).toBeUndefined();
  });

  it.each(['20.18.3', '18.20.0', '16.0.0'])('Node %s is too old, with the way out', (version) => {
    expect(prepare.nodeProblem(version)).toContain(`this is ${version}. Get one from https://nodejs.org`);
  });

  it('installs when nothing is installed, when an installation was cut off, and when the lock is newer', () => {
    const root = newFolder();
    const lock = join(root, 'package-lock.json');
    const installed = join(root, 'node_modules', '.package-lock.json');
    writeFileSync(lock, '{}');
    expect(prepare.whyInstall(root)).toBe('no packages are installed yet');
    mkdirSync(join(root, 'node_modules'));
    expect(prepare.whyInstall(root)).toBe('no packages are installed yet');
    writeFileSync(installed, '{}');
    utimesSync(installed, 2_000, 2_000);
    utimesSync(lock, 1_000, 1_000);
    expect(prepare.whyInstall(root)).toBeUndefined();
    utimesSync(lock, 3_000, 3_000);
    expect(prepare.whyInstall(root)).toContain('newer');
  });

  it('a program that hangs is ended with everything it started', async () => {
    const hangs =
      'require("node:child_process").spawn("sleep", ["600"], { stdio: "inherit" }); setInterval(() => {}, 1000)';
    const began = performance.now();
    const outcome = await prepare.run(process.execPath, ['-e', hangs], {
      output: 'capture',
      patienceMs: 500,
    });
    expect(outcome.timedOut).toBe(true);
    // The pipe closes only when the grandchild is gone too.
    expect(performance.now() - began).toBeLessThan(10_000);
  });
});

describe('count-tests', () => {
  function workspace(
    name: string,
    report: object | undefined,
    scripts: object = { test: 'vitest run' },
  ): void {
    const place = join(folder, 'packages', name);
    mkdirSync(join(place, 'reports'), { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ scripts }));
    if (report !== undefined) writeFileSync(join(place, 'reports', 'tests.json'), JSON.stringify(report));
  }
  const results = (passed: number, failedNames: string[], skipped = 0): object => ({
    success: failedNames.length === 0,
    numPassedTests: passed,
    numFailedTests: failedNames.length,
    numPendingTests: skipped,
    numTodoTests: 0,
    testResults: [
      {
        name: 'a.test.ts',
        status: failedNames.length === 0 ? 'passed' : 'failed',
        message: '',
        assertionResults: failedNames.map((fullName) => ({ status: 'failed', fullName })),
      },
    ],
  });

  it('sums passed, failed and skipped over workspaces that have tests', () => {
    const root = newFolder();
    workspace('one', results(10, []));
    workspace('two', results(5, ['two is wrong'], 2));
    workspace('three', undefined, {});
    expect(counting.testedWorkspaces(root).sort()).toEqual(['packages/one', 'packages/two']);
    const counts = counting.testedWorkspaces(root).map((name) => counting.countTests(root, name));
    expect(counting.lastLine(counts)).toBe('15 passed, 1 failed, 2 skipped');
    expect(counts.flatMap(({ failures }) => failures)).toEqual(['two is wrong']);
  });

  it('without skipped tests the last line does not mention them', () => {
    expect(counting.lastLine([{ passed: 3, failed: 0, skipped: 0 }])).toBe('3 passed, 0 failed');
  });

  it('a test file that cannot be loaded, and a workspace without results, are failures', () => {
    const root = newFolder();
    const broken = { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] };
    workspace('one', { ...results(0, []), success: false, testResults: [broken] });
    workspace('two', undefined);
    expect(counting.countTests(root, 'packages/one')).toMatchObject({
      failed: 1,
      failures: ['b.test.ts: no such module'],
    });
    expect(counting.countTests(root, 'packages/two')).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('doctor', () => {
  async function doctor(...args: string[]): Promise<{ code: number; said: string }> {
    const child = spawn(process.execPath, [script('doctor.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  }

  it('names a taken port, its part and the way out, and fails', { timeout: 60_000 }, async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    const { code, said } = await doctor('--ports', String(port - 2));
    await new Promise((closed) => other.close(closed));
    expect(code).toBe(1);
    expect(said).toContain(`port ${port} (model-server) is taken`);
    expect(said).toContain('--ports 18080');
    expect(said).toMatch(/Node \d+/);
    expect(said).toMatch(/tfjs backend/);
  });
});

describe.each(['doctor.mjs', 'security.mjs', 'test.mjs'])('%s', (name) => {
  const started = async (...args: string[]) =>
    prepare.run(process.execPath, [script(name), ...args], { output: 'capture', patienceMs: 30_000 });

  it('ends with 2 and the reason when it is not understood', { timeout: 60_000 }, async () => {
    for (const word of ['--bogus', 'bogus']) {
      const { code, output } = await started(word);
      expect(code).toBe(2);
      expect(output).toContain(word);
    }
  });

  it('tells with --help what it is for, and does nothing', { timeout: 60_000 }, async () => {
    const { code, output } = await started('--help');
    expect(code).toBe(0);
    expect(output).toMatch(/^npm (?:run )?(?:test|doctor|security)/);
  });
});

describe('doctor', () => {
  it.each(['80', 'eighty', '70000'])('does not take %s for a port', { timeout: 60_000 }, async (base) => {
    const words = [script('doctor.mjs'), '--ports', base];
    const { code, output } = await prepare.run(process.execPath, words, { output: 'capture' });
    expect(code).toBe(2);
    expect(output).toContain(`--ports: expected a port from 1024 to 65530, got "${base}"`);
  });
});

describe('demo', () => {
  it('exits with 2 for bad usage, and the words of --help with 0', { timeout: 60_000 }, async () => {
    const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
    const bad = await prepare.run(process.execPath, [main, '--fault', 'nonsense'], { output: 'capture' });
    expect(bad.code).toBe(2);
    expect(bad.output).toContain('slow-model, model-down, model-errors');
    const help = await prepare.run(process.execPath, [main, '--help'], { output: 'capture' });
    expect(help.code).toBe(0);
    expect(help.output).toContain('--for SECONDS');
  });

  it('reads its options before anything is installed or built', { timeout: 60_000 }, async () => {
    const root = newFolder();
    const repository = fileURLToPath(new URL('../../../..', import.meta.url));
    const plain = ['demo', 'prepare', 'read-options'].map((name) => `scripts/${name}.mjs`);
    const shared = ['options', 'faults', 'stories'].map((name) => `examples/live-demo/src/${name}.mjs`);
    for (const file of [...plain, ...shared]) cpSync(join(repository, file), join(root, file));
    const started = async (...args: string[]) =>
      prepare.run(process.execPath, [join(root, 'scripts/demo.mjs'), ...args], {
        output: 'capture',
        patienceMs: 30_000,
      });
    const help = await started('--help');
    expect(help.code).toBe(0);
    expect(help.output).toMatch(/^Starts the whole system/);
    const bad = await started('--fautl', 'slow-model');
    expect(bad.code).toBe(2);
    expect(bad.output).toMatch(/^Unknown option '--fautl'/);
  });
});
