import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readDataCommand } from '../src/commands/data-usage.js';
import { readMonitorWish } from '../src/commands/monitor.js';
import { readStageWish } from '../src/commands/registry.js';
import { readRetrainWish } from '../src/commands/retrain.js';
import { readTrainWish } from '../src/commands/train.js';
import { progressLine, stageLine } from '../src/report/run-lines.js';
import { waitingReport } from '../src/stage-runner/run-report.js';
import { readCommand } from '../src/usage.js';

const BIN = fileURLToPath(new URL('../bin/mlops.js', import.meta.url));

function mlops(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
}

describe('the command line', () => {
  test('understands a fast run with defaults', () => {
    expect(readCommand(['run'], {})).toMatchObject({
      command: 'run',
      modelsDir: '.triops/mlops',
      plan: {
        read: { from: '2001-01-01', through: '2001-01-31' },
        train: { from: '2001-01-15', through: '2001-01-24' },
        tests: [{ from: '2001-01-25', through: '2001-01-31' }],
        trainRows: 100_000,
        seed: 1,
      },
    });
  });

  test.each([
    [[], '2001-04-30', ['2001-05-01', '2001-06-01'], '2001-07-01'],
    [['--through', '2001-06-30'], '2001-06-23', ['2001-06-24'], '2001-06-30'],
  ])('of all rows teaches from 15 January on, with %j to %s', (args, through, tests, read) => {
    expect(readCommand(['run', '--full', '--rows', 'all', ...args], {})).toMatchObject({
      plan: {
        read: { from: '2001-01-01', through: read },
        train: { from: '2001-01-15', through },
        tests: tests.map((from) => ({ from })),
        dataThrough: '2001-06-30',
        trainRows: 'all',
      },
    });
  });

  test.each([
    ['run', (args: string[]) => readCommand(args, {})],
    ['list', (args: string[]) => readCommand(args, {})],
    ['rollback', (args: string[]) => readStageWish(args, {})],
    ['tune', (args: string[]) => readTrainWish(args, {})],
    ['report', (args: string[]) => readMonitorWish(args, {})],
    ['--through=2001-04-08', (args: string[]) => readRetrainWish(args, {})],
  ])('takes the registry from --models in every command: %s', (word, read) => {
    expect(read([word, '--models', '/m'])).toMatchObject({ modelsDir: '/m' });
  });

  test('keeps the data versions in the registry that --models names', () => {
    expect(readDataCommand(['list', '--models', '/m'], {})).toMatchObject({ place: '/m/data' });
  });

  test('takes the registry from --out before MODELS_DIR', () => {
    expect(readCommand(['list'], { MODELS_DIR: '/a' })).toEqual({ command: 'list', modelsDir: '/a' });
    expect(readCommand(['list', '--out', '/b'], { MODELS_DIR: '/a' })).toEqual({
      command: 'list',
      modelsDir: '/b',
    });
  });

  test.each([
    [['run', '--seed', 'x'], "--seed: expected a whole number of at least 0, got 'x'"],
    [['run', '--rows', '10'], '--rows: expected a whole number of at least 1000'],
    [['run', '--through', '2001-01-10'], '--through: expected a day from 2001-01-31 to 2001-06-30'],
    [['run', '--data'], "Option '--data"],
    [['run', '--through', 'today'], '--through: expected a day like 2001-01-31'],
    [['run', '--full', '--through', '2001-01-10'], '--through: expected a day from 2001-01-31'],
    [['run', '--rows', 'some'], "--rows: expected a whole number of at least 1000, got 'some'"],
    [['run', '--force'], '--force: expected --because with the reason'],
    [['run', '--force', '--because', ' '], '--force: expected --because with the reason'],
    [['fly'], "got 'fly'"],
    [['run', 'fast'], "expected one command, got also 'fast'"],
    [[], 'expected a command'],
    [['run', '--fast'], "Unknown option '--fast'"],
  ])('%j is not understood, and it says why', (args, reason) => {
    expect(() => readCommand(args, {})).toThrow(reason);
  });

  test('ends with 2, one line and where the help is when it is not understood, with 0 when asked for help', () => {
    const bad = mlops('run', '--seed', 'x');
    expect(bad.status).toBe(2);
    expect(bad.stderr).toBe(
      "mlops: --seed: expected a whole number of at least 0, got 'x'; npx mlops --help shows examples\n",
    );
    expect(mlops('data', 'lost').stderr).toMatch(/^mlops: data: .*; npx mlops data --help shows examples\n$/);
    expect(mlops('--help')).toMatchObject({ status: 0, stderr: '' });
  });

  test('trains, gates and deploys a small model, and leaves its report for the server', () => {
    const out = mkdtempSync(join(tmpdir(), 'mlops-cli-'));
    const run = mlops('run', '--rows', '30000', '--out', out, '--json');
    const summary = JSON.parse(run.stdout) as {
      state: string;
      version: string;
      dataVersion: string;
      quarantined: Record<string, number>;
    };
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const report = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as { stages: { state: string }[] };
    const listed = mlops('list', '--out', out);
    const again = mlops('run', '--if-none', '--out', out, '--json');
    rmSync(out, { recursive: true });
    expect(summary.state).toBe('deployed');
    expect(run.status).toBe(0);
    expect(report.stages.map(({ state }) => state)).toEqual(Array.from({ length: 11 }, () => 'passed'));
    expect(readme).toContain(`505,213 clean flights are ${summary.dataVersion}`);
    expect(readme).toContain(`${summary.quarantined['wrong day']} wrong day`);
    expect(listed.stdout).toContain(`* ${summary.version}`);
    expect(JSON.parse(again.stdout)).toEqual({ state: 'kept', version: summary.version });
  }, 120_000);
});

describe('a line of progress', () => {
  const change = {
    name: 'train',
    state: 'running',
    because: 'half',
    seconds: 2,
    report: waitingReport(0),
  } as const;

  test('shows share, rate and time left', () => {
    expect(progressLine({ ...change, done: 300_000, total: 600_000 })).toBe(
      '… train     ██████████░░░░░░░░░░  50 %  150,000 rows/s  about 2 s left',
    );
  });

  test('without progress shows an empty bar', () => {
    expect(progressLine(change)).toBe('… train     ░░░░░░░░░░░░░░░░░░░░   0 %');
  });

  test('of a stage that has ended shows its time and its reason', () => {
    expect(stageLine({ ...change, state: 'passed' })).toBe('✓ train       2.0 s  half');
  });
});
