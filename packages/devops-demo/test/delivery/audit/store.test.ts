import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chained, lineOf } from '../../../src/delivery/audit.js';
import type { AuditEntry } from '../../../src/delivery/audit.js';
import { openAuditLog } from '../../../src/delivery/audit/store.js';
import { PACKAGE_DIR } from '../../harness.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triops-audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const entry = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  at: '2026-07-01T10:00:00.000Z',
  actor: 'person:ada',
  action: 'release.started',
  subject: 'flights-api 0.2.0',
  because: 'a test',
  details: {},
  ...change,
});

const STORE = pathToFileURL(join(PACKAGE_DIR, 'dist/delivery/audit/store.js')).href;

/** A process of its own that appends `count` entries, and prints a line after each. */
function writer(name: string, count: number) {
  const program = `
    const { openAuditLog } = await import(${JSON.stringify(STORE)});
    const log = openAuditLog(${JSON.stringify(folder)});
    for (let n = 1; n <= ${count}; n += 1) {
      await log.append({ at: new Date().toISOString(), actor: ${JSON.stringify(name)}, action: 'release.started',
        subject: 'flights-api', because: 'a test', details: { n, padding: 'x'.repeat(500) } });
      process.stdout.write(n + '\\n');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  return { child, ended, acknowledged: () => told.split('\n').length - 1 };
}

describe('the audit log on disk', () => {
  it('keeps what was appended, in order, across openings', async () => {
    await openAuditLog(folder).append(entry({ details: { when: new Date(0), nothing: undefined } }));
    await openAuditLog(folder).append(entry({ action: 'release.promoted' }));
    const log = openAuditLog(folder);
    expect((await log.entries()).map(({ action, details }) => [action, details])).toEqual([
      ['release.started', { when: '1970-01-01T00:00:00.000Z' }],
      ['release.promoted', {}],
    ]);
    expect(await log.verify()).toMatchObject({ kind: 'intact', entries: 2 });
    expect(log.tornLines()).toBe(0);
  });

  it('four processes that append at once corrupt nothing', async () => {
    const writers = ['one', 'two', 'three', 'four'].map((name) => writer(name, 25));
    await Promise.all(writers.map(async ({ ended }) => ended));
    const log = openAuditLog(folder);
    expect(await log.verify()).toMatchObject({ kind: 'intact', entries: 100 });
    for (const name of ['one', 'two', 'three', 'four']) {
      const own = (await log.entries()).filter(({ actor }) => actor === name);
      expect(own.map(({ details }) => details['n'])).toEqual(Array.from({ length: 25 }, (_, n) => n + 1));
    }
  });

  it('after kill -9 every acknowledged entry is there, and the next append works', async () => {
    for (let round = 1; round <= 3; round += 1) {
      const before = (await openAuditLog(folder).entries()).length;
      const { child, ended, acknowledged } = writer(`round ${round}`, 10_000);
      await expect.poll(acknowledged, { interval: 1 }).toBeGreaterThan(5 * round);
      child.kill('SIGKILL');
      await ended;
      const log = openAuditLog(folder);
      await log.append(entry({ actor: 'pipeline' }));
      expect((await log.entries()).length - before).toBeGreaterThan(acknowledged());
      expect((await log.verify()).kind).toBe('intact');
    }
  });

  it('a torn last line is not read, is counted, and is set aside by the next append', async () => {
    const log = openAuditLog(folder);
    await log.append(entry());
    const half = readFileSync(join(folder, 'audit.jsonl'), 'utf8').slice(0, 60);
    appendFileSync(join(folder, 'audit.jsonl'), half);
    expect((await log.entries()).length).toBe(1);
    expect([(await log.verify()).kind, log.tornLines()]).toEqual(['intact', 1]);
    await log.append(entry({ action: 'release.promoted' }));
    expect((await log.entries()).map(({ action }) => action)).toEqual([
      'release.started',
      'audit.torn-line-set-aside',
      'release.promoted',
    ]);
    expect([(await log.verify()).kind, log.tornLines()]).toEqual(['intact', 1]);
    const aside = JSON.parse(readFileSync(join(folder, 'audit.torn.jsonl'), 'utf8')) as { base64: string };
    expect(Buffer.from(aside.base64, 'base64').toString()).toBe(half);
  });

  it('a lock whose owner is gone is taken over', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => {
      gone.once('close', resolve);
    });
    writeFileSync(join(folder, 'audit.lock'), `${gone.pid}@${hostname()}`);
    await openAuditLog(folder).append(entry());
    expect((await openAuditLog(folder).entries()).length).toBe(1);
  });

  it('nothing is appended behind a damaged last line', async () => {
    const log = openAuditLog(folder);
    await log.append(entry());
    appendFileSync(join(folder, 'audit.jsonl'), 'not an entry\n');
    await expect(log.append(entry())).rejects.toThrow('is damaged');
    expect(await log.verify()).toMatchObject({ kind: 'broken', line: 2 });
  });

  const lines = () => readFileSync(join(folder, 'audit.jsonl'), 'utf8').split('\n').slice(0, -1);
  const hashOf = (line: string) => (JSON.parse(line) as { hash: string }).hash;
  const head = () => JSON.parse(readFileSync(join(folder, 'audit.head.json'), 'utf8')) as unknown;

  it.each<[string, (kept: string[]) => string[], string]>([
    ['cut short', (kept) => kept.slice(0, 2), '1 of 3 lines were removed at the end'],
    ['emptied', () => [], '3 of 3 lines were removed at the end'],
    [
      'given another end',
      (kept) => [...kept.slice(0, 2), lineOf(chained(entry(), hashOf(kept[1] ?? '')))],
      'line 3 was replaced: the head file knows another hash',
    ],
  ])('a log that was %s stays broken, however much is appended', async (_how, harm, because) => {
    for (let n = 0; n < 3; n += 1) await openAuditLog(folder).append(entry({ details: { n } }));
    const [before, known] = [harm(lines()), head()];
    writeFileSync(join(folder, 'audit.jsonl'), before.map((line) => `${line}\n`).join(''));
    await openAuditLog(folder).append(entry({ action: 'release.rolled-back' }));
    await openAuditLog(folder).append(entry());
    const log = openAuditLog(folder);
    const said = (await log.entries()).slice(before.length);
    expect(said).toMatchObject([
      { action: 'audit.broken', because, details: { known, found: { entries: before.length } } },
      { action: 'release.rolled-back' },
      { action: 'release.started' },
    ]);
    expect(await log.verify()).toMatchObject({ kind: 'broken', because: expect.stringContaining(because) });
  });

  it('without its head a log of several lines stays broken too', async () => {
    for (let n = 0; n < 2; n += 1) await openAuditLog(folder).append(entry());
    rmSync(join(folder, 'audit.head.json'));
    await openAuditLog(folder).append(entry());
    expect(await openAuditLog(folder).verify()).toMatchObject({
      kind: 'broken',
      line: 3,
      because: expect.stringContaining('the head file is missing'),
    });
  });
});
