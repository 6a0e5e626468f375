/** Logs of versions: bounded on disk, read in bounded memory, and never a reason to take a release back because they are long. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import {
  endOfLog,
  fileBefore,
  openVersionLog,
  sweepLogs,
} from '../../src/delivery/instances/version-log/store.js';
import type { Instances } from '../../src/delivery/instances/process.js';
import { createReleaser } from '../../src/delivery/release/process.js';
import type { Release } from '../../src/delivery/release.js';
import { endOf, readLines } from '../../src/delivery/watch/log/store.js';
import type { Position } from '../../src/delivery/watch/log/store.js';
import { createSaid } from '../../src/delivery/watch/said/store.js';
import { watchBoth } from '../../src/delivery/watch/server.js';
import { begun } from './releases.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-version-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const fresh = () => join(folder, `${files++}.log`);

const MOST_BYTES = 300;
const anyLine = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '0'), minLength: 1, maxLength: 40 });
const contentOf = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const warning = (message: string) => `${JSON.stringify({ 'log.level': 'warn', message })}\n`;

/** Pieces as a pipe delivers them: they end anywhere, also within a letter. */
function pieces(text: string, length: number): Buffer[] {
  const all = Buffer.from(text);
  return Array.from({ length: Math.ceil(all.length / length) }, (_, n) =>
    all.subarray(n * length, (n + 1) * length),
  );
}

it('a disk that takes no log ends nobody, and what it did not take is told later', () => {
  const path = join(folder, 'away', 'blue.log');
  const log = openVersionLog(path);
  for (const line of ['not taken\n', 'nor this\n']) log.write(line);
  mkdirSync(join(folder, 'away'));
  for (const line of ['taken\n', 'taken too\n']) log.write(line);
  const told = JSON.stringify({
    'log.level': 'error',
    message: 'the disk did not take 19 bytes of this log',
  });
  expect(contentOf(path)).toBe(`${told}\ntaken\ntaken too\n`);
});

it('a log is two files of bounded size, each of whole lines, whose end is what was said last', () => {
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 80 }), fc.integer({ min: 1, max: 200 }), (lines, length) => {
      const path = fresh();
      const log = openVersionLog(path, MOST_BYTES);
      const text = lines.map((line) => `${line}\n`).join('');
      for (const piece of pieces(text, length)) log.write(piece);
      const [before, now] = [contentOf(fileBefore(path)), contentOf(path)];
      expect(text.endsWith(before + now)).toBe(true);
      expect(before === '' || before.endsWith('\n')).toBe(true);
      const most = MOST_BYTES + Buffer.byteLength(`${'é'.repeat(40)}\n`);
      expect(Math.max(Buffer.byteLength(before), Buffer.byteLength(now))).toBeLessThanOrEqual(most);
    }),
    { seed: 2001, numRuns: 100 },
  );
});

it('a log that was there already goes on, and one line without an end is bounded too', () => {
  const path = fresh();
  openVersionLog(path, MOST_BYTES).write('one\n');
  const log = openVersionLog(path, MOST_BYTES);
  log.write('two\n');
  expect(contentOf(path)).toBe('one\ntwo\n');
  for (let n = 0; n < 100; n++) log.write('x'.repeat(100));
  expect(statSync(path).size + statSync(fileBefore(path)).size).toBeLessThan(6 * MOST_BYTES);
});

it('whoever reads between two changes of the file gets each line once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyLine, fc.boolean()), { maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      async (steps, length) => {
        const path = fresh();
        const log = openVersionLog(path, MOST_BYTES);
        const seen: string[] = [];
        let position: Position | undefined;
        let unread = 0;
        for (const [line, reads] of steps) {
          for (const piece of pieces(`${line}\n`, length)) log.write(piece);
          unread += Buffer.byteLength(`${line}\n`);
          if (!reads && unread < MOST_BYTES / 2) continue;
          position = await readLines(path, position, (each) => seen.push(each));
          unread = 0;
        }
        await readLines(path, position, (each) => seen.push(each));
        expect(seen).toEqual(steps.map(([line]) => line));
      },
    ),
    { seed: 2001, numRuns: 50 },
  );
});

it('half a line is read when it is whole', async () => {
  const path = fresh();
  writeFileSync(path, 'one\ntw');
  const seen: string[] = [];
  const position = await readLines(path, undefined, (line) => seen.push(line));
  appendFileSync(path, 'o\n');
  await readLines(path, position, (line) => seen.push(line));
  expect(seen).toEqual(['one', 'two']);
});

it('whoever begins in the middle of a line begins with the next one', async () => {
  const path = fresh();
  writeFileSync(path, 'one\ntw');
  const position = endOf(path);
  appendFileSync(path, 'o\nthree\n');
  const seen: string[] = [];
  await readLines(path, position, (line) => seen.push(line));
  expect(seen).toEqual(['three']);
});

it('of more than can be read the end is read, and a line longer than any that the service writes is left out', async () => {
  const path = fresh();
  writeFileSync(fileBefore(path), 'oldest\nolder\n');
  writeFileSync(path, `old\n${'x'.repeat(100_000)}\nnew\n`);
  const seen: string[] = [];
  await readLines(path, undefined, (line) => seen.push(line.slice(0, 9)), 100_018);
  expect(seen).toEqual(['older', 'old', 'new']);
});

/** A hole takes no room on the disk. */
function logOf600Megabytes(lastLines: string): string {
  const path = fresh();
  writeFileSync(path, '');
  truncateSync(path, 600_000_000);
  appendFileSync(path, `\n${lastLines}`);
  return path;
}

it('a primary whose log is 600 MB long is compared all the same', async () => {
  const primary = logOf600Megabytes(warning('flight 7 is late'));
  const candidate = fresh();
  writeFileSync(candidate, warning('before the window'));
  const since = endOf(candidate);
  const said = createSaid();
  appendFileSync(candidate, warning('flight 8 is late') + warning('flight 9 is lost'));
  expect(await said.newTemplates(primary, candidate, since)).toEqual([
    { template: 'flight <*> is lost', severity: 'warn', count: 1 },
  ]);
  appendFileSync(primary, warning('flight 1 is lost'));
  expect(await said.newTemplates(primary, candidate, since), 'said by both meanwhile').toEqual([]);
  expect(await said.newTemplates(undefined, candidate, since), 'nothing to compare with').toEqual([]);
  expect(endOfLog(primary), 'last words').toContain('flight 1 is lost');
});

it('a window in which such a primary is watched ends with what is new', async () => {
  const primary = logOf600Megabytes(warning('flight 7 is late'));
  const candidate = fresh();
  writeFileSync(candidate, warning('before the window'));
  const watched = { url: '', restarts: () => 0 };
  let looks = 0;
  const readingsOf = () => ({
    // The candidate speaks while it is watched.
    look: async () => Promise.resolve(looks++ === 0 ? appendFileSync(candidate, warning('lost')) : undefined),
    readings: async () => Promise.resolve([]),
  });
  const { canary } = await watchBoth(
    { ...watched, version: '1', slot: 'blue', logFile: primary },
    { ...watched, version: '2', slot: 'green', logFile: candidate },
    0.001,
    { readingsOf },
  );
  expect(canary.newLogTemplates).toEqual([{ template: 'lost', severity: 'warn', count: 1 }]);
});

it('an observer that fails blames nobody: the release is stopped, not rolled back', async () => {
  const instances: Instances = {
    record: () => undefined,
    start: async () => Promise.reject(new Error('not wanted')),
    isReady: async () => Promise.resolve(true),
    restarts: () => 0,
    stop: async () => Promise.resolve(),
  };
  const saved: Release[] = [];
  const record = {
    ...begun.candidate,
    digest: '',
    id: 'x',
    slot: 'green',
    url: '',
    port: 0,
    logFile: '',
  } as const;
  const releaser = createReleaser({
    stateDir: folder,
    artifactsDir: folder,
    env: {},
    databaseUrl: '',
    windowSeconds: 0.001,
    gateway: { backends: async () => Promise.resolve([]), setBackends: async () => Promise.resolve() },
    instances: { ...instances, record: (slot) => (slot === 'green' ? record : undefined) },
    readingsOf: () => {
      throw new Error('Cannot create a string longer than 0x1fffffe8 characters');
    },
    save: (release) => void saved.push(release),
  });
  const ended = await releaser.settle({ ...begun, phase: 'observing' });
  expect(ended.phase).toBe('stopped');
  expect(ended.because).toMatch(/^stopped without blame at 5 %: could not observe: Cannot create a string/);
  expect(new Set(ended.judged.map(({ verdict }) => verdict.kind))).toEqual(new Set(['inconclusive']));
});

it('of earlier versions in a slot the last four logs are kept', () => {
  const stateDir = join(folder, 'state');
  mkdirSync(join(stateDir, 'instances'), { recursive: true });
  const path = (name: string) => join(stateDir, 'instances', name);
  for (let n = 1; n <= 6; n++) {
    for (const file of [path(`blue-${n}.log`), fileBefore(path(`blue-${n}.log`))]) {
      writeFileSync(file, '');
      utimesSync(file, n, n);
    }
  }
  writeFileSync(path('green-1.log'), '');
  utimesSync(path('green-1.log'), 0, 0);
  sweepLogs(stateDir, 'blue');
  expect(readdirSync(join(stateDir, 'instances')).sort()).toEqual([
    ...[3, 4, 5, 6].flatMap((n) => [`blue-${n}.log`, `blue-${n}.log.1`]),
    'green-1.log',
  ]);
});
