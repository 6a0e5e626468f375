import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from 'service-chassis';
import { describe, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import { runCli } from '../src/cli.js';
import { STEP_MS, START, asSamples, dice, healthy, slowModel } from './simulation.js';

async function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const out: string[] = [];
  const errors: string[] = [];
  const code = await runCli(
    args,
    (text) => out.push(text),
    (text) => errors.push(text),
  );
  return { code, out: out.join('\n'), error: errors.join('\n') };
}

const LOG_FILE = new URL('departures.txt', import.meta.url).pathname;
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('aiops templates', () => {
  test('five lines in, three templates out, as the README shows', async () => {
    const { code, out } = await run('templates', LOG_FILE);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        '5 lines, 3 templates',
        '',
        '      2  dd3bc701  flight <*> from JFK to ORD registered in <*> ms',
        '      2  25fc36fa  circuit to model-server opened after <*> failures',
        '      1  d5c381a3  model <*>-a loaded',
      ].join('\n'),
    );
    expect(readme).toContain(out);
    expect(readme).toContain(readFileSync(LOG_FILE, 'utf8'));
  });

  test('with a journal the next run goes on with the same ids', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'aiops-cli-'));
    const journal = join(folder, 'templates.jsonl');
    await run('templates', LOG_FILE, '--journal', journal);
    const { out } = await run('templates', LOG_FILE, '--journal', journal);
    rmSync(folder, { recursive: true });
    expect(out).toContain('4  dd3bc701  flight <*> from JFK to ORD registered in <*> ms');
  });

  test('a file that is not there is an error, not bad usage', async () => {
    const { code, error } = await run('templates', '/nowhere.log');
    expect([code, error]).toEqual([1, expect.stringContaining('/nowhere.log')]);
  });
});

describe('aiops incidents', () => {
  test('lists them with the first suspect, as the README shows', async () => {
    const logger = createLogger({ service: 'aiops', stream: { write: () => undefined }, pretty: false });
    const aiops = await startAiops(aiopsConfig.parse({ PORT: 0 }), {
      logger,
      now: Date.now,
      isCollecting: false,
    });
    try {
      expect((await run('incidents', '--url', aiops.url)).out).toBe('no incidents');
      const random = dice(1);
      for (let second = 0; second < 180; second += STEP_MS / 1_000) {
        const values = slowModel(healthy(second, random), second - 60);
        aiops.evaluate(asSamples(values, START + second * 1_000), START + second * 1_000);
      }
      const { code, out } = await run('incidents', '--url', aiops.url);
      expect(code).toBe(0);
      expect(out).toMatch(
        /^closed  2026-01-01T00:01:08.000Z to 2026-01-01T00:02:00.000Z {2}up to 100 % of departures got/,
      );
      expect(readme).toContain(out);
    } finally {
      await aiops.close();
    }
  });

  test('no service there is an error with the next step', async () => {
    const { code, error } = await run('incidents', '--url', 'http://127.0.0.1:9');
    expect(code).toBe(1);
    expect(error).toBe('aiops: http://127.0.0.1:9 does not answer. Is the service running? (aiops serve)');
  });
});

describe('usage', () => {
  test('--help prints it and exits with 0', async () => {
    const { code, out } = await run('--help');
    expect([code, out]).toEqual([0, expect.stringContaining('aiops templates FILE')]);
    expect(out).toContain('Exit codes: 0 all is well, 1 failed or not reached, 2 wrong usage');
  });

  test.each([
    [],
    ['nonsense'],
    ['templates'],
    ['serve', 'now'],
    ['--colour'],
    ['incidents', '--url', 'nowhere'],
    ['templates', 'a', 'b'],
  ])('bad usage exits with 2 and one line: %j %j %j', async (...args) => {
    const { code, error } = await run(...args.filter((arg): arg is string => typeof arg === 'string'));
    expect([code, error]).toEqual([
      2,
      expect.stringMatching(/^aiops: .*\. aiops --help shows the commands\.$/),
    ]);
  });
});
