import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FLAG, readArguments, TEXT, UsageError, wholeNumber } from '../src/command-line.js';
import { DATA_USAGE, readDataCommand } from '../src/commands/data-usage.js';
import { MONITOR_USAGE, readMonitorWish } from '../src/commands/monitor.js';
import { readStageWish, REGISTRY_USAGE } from '../src/commands/registry.js';
import { REPRODUCE_USAGE } from '../src/commands/reproduce.js';
import { readRetrainWish, RETRAIN_USAGE } from '../src/commands/retrain.js';
import { STORY_USAGE } from '../src/commands/story.js';
import { readTrainWish, TRAIN_USAGE } from '../src/commands/train.js';
import { USAGE } from '../src/usage.js';

const BIN = fileURLToPath(new URL('../bin/mlops.js', import.meta.url));

function mlops(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [BIN, ...args], { encoding: 'utf8' });
}

describe('what a command does not understand, it names, with what it expected', () => {
  test.each([
    [['stage', 'v1'], "stage: expected a version and a stage, got 'v1'"],
    [
      ['stage', 'v1', 'live'],
      "stage: expected candidate, shadow, canary, production or archived, got 'live'",
    ],
    [['stage', 'v1', 'canary', '--share', '2'], "--share: expected a number above 0 and at most 1, got '2'"],
    [['promote'], "promote: expected a version, got ''"],
    [['rollback', 'v1'], "rollback: expected no further words, got 'v1'"],
    [
      ['sign', 'v1', '--who', 'me'],
      "Unknown option '--who': expected one of --share, --by, --because, --models, --out",
    ],
  ])('mlops %j', (args, reason) => {
    expect(() => readStageWish(args, {})).toThrow(new UsageError(reason));
  });

  test.each([
    [[], 'monitor: expected report or false-alarms, got nothing'],
    [['watch'], "monitor: expected report or false-alarms, got 'watch'"],
    [['report', 'now'], "monitor: expected one action, got also 'now'"],
    [['report', '--from', '2001-02-30'], "--from: expected a day like 2001-01-31, got '2001-02-30'"],
    [
      ['report', '--from', '2001-03-05', '--through', '2001-03-01'],
      "--through: expected 2001-03-05 or later, got '2001-03-01'",
    ],
    [['report', '--window', 'month'], "--window: expected day or week, got 'month'"],
    [['false-alarms', '--months', '0'], "--months: expected a whole number of at least 1, got '0'"],
    [['report', '--seed', '1.5'], "--seed: expected a whole number of at least 0, got '1.5'"],
  ])('mlops monitor %j', (args, reason) => {
    expect(() => readMonitorWish(args, {})).toThrow(new UsageError(reason));
  });

  test.each([
    [[], 'retrain: expected --through DAY'],
    [['now'], "retrain: expected options only, got 'now'"],
    [['--through', 'April'], "--through: expected a day like 2001-01-31, got 'April'"],
    [
      ['--through', '2001-04-08', '--rows', '10'],
      "--rows: expected a whole number of at least 1000, got '10'",
    ],
  ])('mlops retrain %j', (args, reason) => {
    expect(() => readRetrainWish(args, {})).toThrow(new UsageError(reason));
  });

  test.each([
    [['tune', '--seconds', '-1'], /^Option '--seconds' argument is ambiguous/],
    [['tune', 'fast'], /^tune: expected no more arguments, got 'fast'$/],
    [['tune', '--through', 'May'], /^--through: expected a day like 2001-01-31, got 'May'$/],
    [['card', 'a', 'b'], /^card: expected no more arguments, got 'a b'$/],
  ])('mlops %j', (args, reason) => {
    expect(() => readTrainWish(args, {})).toThrow(reason);
  });

  test('mlops data list --fast', () => {
    const reason = /^Unknown option '--fast': expected one of --by, --from,/;
    expect(() => readDataCommand(['list', '--fast'], {})).toThrow(reason);
  });

  test.each([
    [['story', 'may'], "story: expected april or months, got 'may'"],
    [['lineage'], 'lineage: expected a version'],
    [['monitor', '--fast'], "Unknown option '--fast'"],
  ])('%j ends with 2, one line, and where the help of that command is', (args, reason) => {
    const { status, stdout, stderr } = mlops(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`mlops: ${reason}`);
    expect(stderr).toMatch(new RegExp(`^.*; npx mlops ${args[0]} --help shows examples\\n$`));
  });
});

describe('help', () => {
  test.each([
    USAGE,
    DATA_USAGE,
    MONITOR_USAGE,
    REGISTRY_USAGE,
    REPRODUCE_USAGE,
    RETRAIN_USAGE,
    STORY_USAGE,
    TRAIN_USAGE,
  ])('has an example and the exit codes: %.40s…', (help) => {
    expect(help).toMatch(/\nExamples?\n {2}npx mlops /);
    expect(help).toMatch(/\nExit codes: 0 .* · 1 .* · 2 not understood\n$/);
  });

  test('of a command is printed for --help, whatever else is said', () => {
    expect(mlops('stage', 'v1', '--help')).toEqual(
      expect.objectContaining({ status: 0, stdout: REGISTRY_USAGE, stderr: '' }),
    );
  });
});

function outcome<Result>(work: () => Result): Result | Error {
  try {
    return work();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

describe('arguments', () => {
  test('are read, or refused as usage: nothing else is thrown', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('--name', '--name=', '--flag', '--flag=1', '--help', '-h', '--', '-', '--no-name'),
    );
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(fc.array(word, { maxLength: 4 }), (args) => {
        const read = outcome(() => readArguments(args, { name: TEXT, flag: FLAG }));
        outcomes.add(read instanceof Error ? read.name : 'read');
      }),
    );
    expect(outcomes).toEqual(new Set(['read', 'UsageError']));
  });

  test('a whole number is itself, and what is none is refused', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (number) => wholeNumber('--n', String(number), 0) === number));
    for (const text of ['', ' 1', '1e3', '0x1', '9007199254740993', '٣'])
      expect(() => wholeNumber('--n', text, 0)).toThrow(UsageError);
  });
});
