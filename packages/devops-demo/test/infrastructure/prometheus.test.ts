import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { OBJECTIVES } from '../../src/delivery/slo.js';
import { BURN_WINDOWS, factorOf } from '../../src/delivery/slo/burn-rate.js';
import { burnRateRules } from '../../src/infrastructure/prometheus/burn-rate.js';
import { INFRASTRUCTURE, isHere, run } from './tools.js';

const FOLDER = join(INFRASTRUCTURE, 'prometheus');
/** Evaluating seven hours of thirty-second steps takes some seconds. */
const RULE_TESTS_MS = 120_000;

describe('burn rate', () => {
  it('has the factors of the workbook, table 5-8', () => {
    expect(BURN_WINDOWS.map(factorOf)).toEqual([14.4, 6, 1]);
  });

  it('multiplies them with the budget of the objective', () => {
    const limits = burnRateRules({ ...OBJECTIVES, successRatio: 0.999 })
      .groups.flatMap(({ rules }) => rules)
      .filter(({ alert }) => alert === 'BoardErrorBudgetBurn')
      .map(({ expr }) => expr.split('\n')[0]);
    expect(limits, 'the workbook prints 14.4, 6 and 1 times 0.001').toEqual([
      'job:board_failure:ratio1h > 0.0144',
      'job:board_failure:ratio6h > 0.006',
      'job:board_failure:ratio3d > 0.001',
    ]);
  });

  it('measures slowness at a bound that the histogram has', () => {
    const source = readFileSync(
      join(import.meta.dirname, '../../../service-chassis/src/observe-requests.ts'),
      'utf8',
    );
    const bounds = /BUCKETS_SECONDS = \[([^\]]+)\]/.exec(source)?.[1]?.split(', ').map(Number);
    expect(bounds).toContain(OBJECTIVES.p95Seconds);
  });
});

describe.skipIf(!isHere('promtool'))('promtool (skipped where it is not on the path)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triops-rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('finds no fault in the configuration and its rules', () => {
    cpSync(FOLDER, folder, { recursive: true });
    const config = readFileSync(join(FOLDER, 'prometheus.yml'), 'utf8');
    writeFileSync(join(folder, 'prometheus.yml'), config.replaceAll('/etc/prometheus', folder));
    const checked = run('promtool', ['check', 'config', join(folder, 'prometheus.yml')]);
    expect(checked).toEqual({ status: 0, said: expect.stringContaining('2 rule files found') });
  });

  const files = readdirSync(join(FOLDER, 'tests'));
  test.each(files)(
    '%s: every rule fires when it should, and only then',
    { timeout: RULE_TESTS_MS },
    (file) => {
      const tested = run('promtool', ['test', 'rules', file], { cwd: join(FOLDER, 'tests') });
      expect(tested).toEqual({ status: 0, said: expect.stringContaining('SUCCESS') });
    },
  );
});
