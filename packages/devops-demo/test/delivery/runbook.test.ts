import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runbookFor, runbookOf } from '../../src/delivery/runbook.js';
import type { Runbook } from '../../src/delivery/runbook.js';
import { readRunbooks } from '../../src/delivery/runbook/store.js';
import { PACKAGE_DIR, startBoard } from '../harness.js';

const runbooks = readRunbooks(join(PACKAGE_DIR, '../../docs/runbooks'));
const RULES = join(PACKAGE_DIR, 'infrastructure/prometheus');

const alerts = readdirSync(RULES)
  .filter((name) => name.endsWith('.yml'))
  .flatMap((name) => [...readFileSync(join(RULES, name), 'utf8').matchAll(/^\s*- alert: (\w+)$/gm)])
  .map(([, alert = '']) => alert);

it('there are alerts to have runbooks for', () => {
  expect(alerts).toContain('ServiceDown');
});

it.each([...new Set(alerts)])('the alert %s has exactly one runbook', (alert) => {
  const own = runbooks.filter((runbook) => runbook.alerts.includes(alert));
  expect(own.map(({ name }) => name)).toHaveLength(1);
  expect(runbookFor(runbooks, alert)).toBe(own[0]);
});

it('every action on the board is in its OpenAPI document', async () => {
  const board = await startBoard();
  const { body } = await board.get<{ paths: Record<string, Record<string, unknown>> }>('/openapi.json');
  const own = runbooks.flatMap(({ actions }) => actions).filter(({ service }) => service === 'flights-api');
  expect(own.length).toBeGreaterThan(0);
  for (const { path, method } of own) expect(body.paths[path]?.[method.toLowerCase()]).toBeDefined();
  await board.close();
});

describe('devops runbook', () => {
  const devops = (...words: string[]) =>
    spawnSync(process.execPath, [join(PACKAGE_DIR, 'bin/devops.js'), 'runbook', ...words], {
      encoding: 'utf8',
    });

  it('tells people the steps for an alert, as README.md prints them', () => {
    const { status, stdout } = devops('ServiceDown');
    const [title = '', first = ''] = stdout.split('\n');
    expect([status, title]).toEqual([0, 'A service does not answer (docs/runbooks/service-down.md)']);
    expect(readFileSync(join(PACKAGE_DIR, 'README.md'), 'utf8')).toContain(`${title}\n${first}\n`);
  });

  it('gives programs the same as JSON, with the actions that they may call', () => {
    const [found] = JSON.parse(devops('RisksDegraded', '--json').stdout) as Runbook[];
    expect(found?.actions).toEqual(runbookFor(runbooks, 'RisksDegraded')?.actions);
  });

  it('knows no runbook for what is no alert', () => {
    expect(devops('NoSuch')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no alert "NoSuch", but BoardErrors'),
    });
  });
});

describe('a runbook', () => {
  const good = '---\ntitle: T\nalerts: [ServiceDown]\nsteps: [Look.]\nactions: []\n---\n\nText.\n';

  it('is front matter for programs and text for people', () => {
    expect(runbookOf('service-down', good)).toEqual({
      name: 'service-down',
      title: 'T',
      alerts: ['ServiceDown'],
      steps: ['Look.'],
      actions: [],
      text: 'Text.',
    });
  });

  it.each([
    ['no front matter', 'Text.', 'expected front matter'],
    ['no alert', good.replace('[ServiceDown]', '[]'), 'alerts'],
    ['a word too many', good.replace('title: T', 'title: T\nowner: me'), 'owner'],
    [
      'an action that says not when',
      good.replace('actions: []', 'actions: [{ name: end-fault }]'),
      'actions.0.when',
    ],
  ])('with %s is refused by name', (_what, content, wrong) => {
    expect(() => runbookOf('broken', content)).toThrow(wrong);
  });
});
