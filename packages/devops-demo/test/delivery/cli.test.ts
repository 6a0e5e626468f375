import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { requireOwn } from '../../src/commands/options.js';
import type { Options } from '../../src/commands/options.js';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import { writeEnvironment } from '../../src/delivery/environment/store.js';
import { NOBODY, PACKAGE_DIR, startBoard } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  out: string;
  err: string;
}

const devops = async (...words: string[]) => devopsWith({}, ...words);

async function devopsWith(env: Record<string, string>, ...words: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(PACKAGE_DIR, 'bin/devops.js'), ...words],
      { env: { ...process.env, ...env } },
      (_error, out, err) => {
        resolve({ code: child.exitCode ?? -1, out, err });
      },
    );
  });
}

describe('devops', () => {
  it('--help shows commands and examples', async () => {
    const { code, out } = await devops('--help');
    expect(code).toBe(0);
    for (const word of [
      'devops build',
      'devops verify',
      'devops serve',
      'devops status',
      'devops gateway',
      'devops release',
      'Examples:',
    ]) {
      expect(out).toContain(word);
    }
  });

  it.each([
    [[]],
    [['relase']],
    [['release', '--flaw', 'no-such']],
    [['verify', 'twice']],
    [['status', '--port', '7']],
    [['status', '--url']],
    [['status', '--url', 'nonsense']],
    [['verify', '--window', '3']],
  ])('wrong usage %j ends with 2 and points to the help', async (words) => {
    const { code, err } = await devops(...words);
    expect(code).toBe(2);
    expect(err).toContain('devops --help');
  });

  it.each<[string, string[], Options, string]>([
    ['verify', [], { url: 'http://127.0.0.1:1', window: '3' }, 'verify: expected --dir, got --url'],
    ['serve', [], { from: '.' }, 'serve: expected --embedded, got --from'],
    ['verify', ['extra'], {}, 'verify: expected no more words, got "extra"'],
    [
      'status',
      [],
      { url: 'localhost:8081' },
      'status: expected --url http://HOST:PORT, got "localhost:8081"',
    ],
  ])('%s %j %j is refused, and names what it does not know', (command, words, options, because) => {
    expect(() => requireOwn(command, words, options)).toThrow(`devops ${because}`);
  });

  it('verify says that a folder is not there, and does not advise to build it', async () => {
    const { code, err } = await devops('verify', '--dir', '/nonexistent');
    expect([code, err]).toEqual([2, expect.stringContaining('there is no such folder: /nonexistent')]);
  });

  it('verify passes what was built, and names what was changed since', async () => {
    expect(await devops('verify')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^passed: \d+ files as built/),
    });
    for (const part of ['dist', 'migrations', 'package.json']) {
      cpSync(join(PACKAGE_DIR, part), join(folder, part), { recursive: true });
    }
    expect((await devops('verify', '--dir', folder)).code, 'a copy is the same').toBe(0);
    writeFileSync(join(folder, 'dist/index.js'), `${readFileSync(join(folder, 'dist/index.js'), 'utf8')}\n`);
    const { code, out } = await devops('verify', '--dir', folder);
    expect([code, out]).toEqual([1, 'failed: dist/index.js is not what was built\n']);
  });

  it('status shows the pipeline of a running board, and fails when there is none', async () => {
    const board = await startBoard();
    const { code, out } = await devops('status', '--url', board.url);
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(/ +/)[0])).toEqual([
      'build',
      'verify',
      'deploy',
      'shift-traffic',
      'observe',
      'analyze',
      'release',
      'feedback',
      '',
    ]);
    await board.close();
    const gone = await devops('status', '--url', NOBODY);
    expect([gone.code, gone.err]).toEqual([
      1,
      expect.stringMatching(
        /cannot read http:\/\/127\.0\.0\.1:9\/v1\/delivery: .*, start one: npm run demo, or npx devops gateway --embedded\n$/,
      ),
    ]);
  });
});

describe('devops release', () => {
  it('without a gateway says how to start one, and has written nothing down', async () => {
    const state = join(folder, 'alone');
    const words = ['release', '--untested', 'a test', '--state', state];
    const none = await devops(...words);
    expect([none.code, none.err]).toEqual([
      1,
      expect.stringMatching(/^devops release: no gateway is known here; start one: npm run demo, or /),
    ]);
    writeEnvironment(state, { DATABASE_URL: 'postgresql://127.0.0.1:9/none', GATEWAY_ADMIN: NOBODY });
    const gone = await devops(...words);
    expect([gone.code, gone.out, gone.err]).toEqual([
      1,
      '',
      expect.stringMatching(
        /^devops release: no gateway answers at http:\/\/127\.0\.0\.1:9 \(.*\); start one: npm run demo, or npx devops gateway --embedded\n$/,
      ),
    ]);
    expect(await openAuditLog(state).entries()).toEqual([]);
  });
});

describe('devops deploy', () => {
  it('outside of containers is refused with the way that is meant, and leaves nothing', async () => {
    const state = join(folder, 'laptop');
    const there = { DATABASE_URL: 'postgresql://127.0.0.1:9/none', GATEWAY_ADMIN: NOBODY };
    expect(await devopsWith(there, 'deploy', '--state', state)).toMatchObject({
      code: 2,
      err: expect.stringMatching(
        /^devops deploy is for containers .*; here: npx devops gateway --embedded\. /,
      ),
    });
    expect(existsSync(state)).toBe(false);
  });
});

describe('devops audit', () => {
  it('lists what happened, and names the line that was tampered with by exit code 3', async () => {
    const state = join(folder, 'state');
    const log = openAuditLog(state);
    for (const action of ['release.started', 'release.promoted']) {
      await log.append({
        at: '2026-07-01T10:00:00.000Z',
        actor: 'pipeline',
        action,
        subject: 'flights-api 0.2.0',
        because: 'a test',
        details: {},
      });
    }
    expect(await devops('audit', 'list', '--state', state)).toMatchObject({
      code: 0,
      out: expect.stringContaining('pipeline  release.promoted  flights-api 0.2.0: a test\n'),
    });
    expect(await devops('audit', 'verify', '--state', state)).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^intact: 2 entries, last hash [0-9a-f]{12}\n$/),
    });
    const file = join(state, 'audit.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replace('a test', 'no test'));
    expect(await devops('audit', 'verify', '--state', state)).toMatchObject({
      code: 3,
      out: expect.stringMatching(
        /^broken: line 1 was changed: its hash does not fit its content\nNo release begins until .*\n$/,
      ),
    });
    writeFileSync(file, '');
    await log.append({
      at: '2026-07-01T11:00:00.000Z',
      actor: 'pipeline',
      action: 'release.rolled-back',
      subject: 'flights-api 0.2.0',
      because: 'a test',
      details: {},
    });
    expect(await devops('audit', 'verify', '--state', state), 'after the next entry too').toMatchObject({
      code: 3,
      out: expect.stringMatching(/^broken: before line 1.* 2 of 2 lines were removed at the end\n/),
    });
    expect((await devops('audit', 'erase')).code).toBe(2);
    const nowhere = join(folder, 'nowhere');
    expect(await devops('audit', 'verify', '--state', nowhere)).toMatchObject({
      code: 1,
      out: `there is no audit log in ${nowhere}\n`,
    });
  });
});
