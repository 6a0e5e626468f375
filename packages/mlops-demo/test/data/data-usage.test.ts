import { describe, expect, test } from 'vitest';
import { readDataCommand } from '../../src/commands/data-usage.js';

describe('`mlops data`', () => {
  test('adds the recorded flights by month, beside the models', () => {
    expect(readDataCommand(['add'], {})).toEqual({
      action: 'add',
      place: '.triops/mlops/data',
      json: false,
      by: 'month',
    });
  });

  test('takes its place from --data before DATA_URL before MODELS_DIR', () => {
    const env = { DATA_URL: '/b', MODELS_DIR: '/c' };
    expect(readDataCommand(['list', '--data', '/a'], env).place).toBe('/a');
    expect(readDataCommand(['list'], env).place).toBe('/b');
    expect(readDataCommand(['list'], { MODELS_DIR: '/c' }).place).toBe('/c/data');
  });

  test('understands a day a version, some airports, another file', () => {
    const words = 'add flights.csv --by day --from 2001-02-01 --through 2001-02-03 --airports sdf,ORD'.split(
      ' ',
    );
    expect(readDataCommand(words, {})).toMatchObject({
      file: 'flights.csv',
      by: 'day',
      from: '2001-02-01',
      through: '2001-02-03',
      airports: ['SDF', 'ORD'],
    });
  });

  test.each([
    [[], 'expected add, list, show, diff, verify, checkout, validate or check'],
    [['zap'], "got 'zap'"],
    [['add', '--by', 'year'], "--by: expected month or day, got 'year'"],
    [['add', '--from', '2001-02-30'], '--from: expected a day'],
    [
      ['add', '--from', '2001-02-02', '--through', '2001-02-01'],
      '--from 2001-02-02 is after --through 2001-02-01',
    ],
    [['show'], 'show: expected a version'],
    [['show', 'a', 'b'], "'b' is not understood"],
    [['diff', 'a'], 'diff: expected two versions'],
    [['checkout', '2001-01'], 'checkout: expected --to'],
    [['list', '--fast'], "Unknown option '--fast'"],
  ])('%j is not understood, and it says why', (args, reason) => {
    expect(() => readDataCommand(args, {})).toThrow(reason);
  });
});
