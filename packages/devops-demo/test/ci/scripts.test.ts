import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { STAGES, ciReportSchema, testedBy } from '../../src/delivery/ci-report.js';
import { openAuditLog } from '../../src/delivery/audit/store.js';
import type { CiReport } from '../../src/delivery/ci-report.js';
import { openReleaseRecords } from '../../src/delivery/release/records/store.js';

const script = async <Module>(name: string) =>
  (await import(pathToFileURL(join(import.meta.dirname, '../../../../scripts', name)).href)) as Module;

const { TEST_KINDS, kindOf } = await script<{
  TEST_KINDS: string[];
  kindOf: (path: string, text: string) => string;
}>('test-kind.mjs');
const { findSecrets } = await script<{ findSecrets: (text: string) => { line: number; kind: string }[] }>(
  'secrets.mjs',
);
const { isAllowed, refusedLicences } = await script<{
  isAllowed: (expression: unknown) => boolean;
  refusedLicences: (
    installed: Record<string, { license?: string; link?: boolean }>,
  ) => { name: string; licence: string }[];
}>('licences.mjs');
const ci = await script<{
  turboStage(name: string, summary: object, state: string): CiReport['stages'][number];
  testStages(root: string, workspaces: string[], cached: Set<string>): CiReport['stages'];
  writeCiReport(stateDir: string, report: CiReport): string;
}>('ci-report.mjs');

const folder = mkdtempSync(join(tmpdir(), 'triops-ci-scripts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ['test/slo.test.ts', "import { expect } from 'vitest';", 'unit'],
  ['test/slo.test.ts', "import fc from 'fast-check';", 'property'],
  [
    'test/api.test.ts',
    "import fc from 'fast-check';\nimport { startBoard } from '../harness.js';",
    'integration',
  ],
  ['test/api.test.ts', "import { openAuditLog } from '../../src/delivery/audit/store.js';", 'integration'],
  ['test/api.test.ts', "import { createServer } from 'node:http';", 'integration'],
  ['test/service/openapi.test.ts', "import { startBoard } from '../harness.js';", 'contract'],
  ['test/gateway/contract.test.ts', '', 'contract'],
])('%s with %j is a test of kind %s', (path, text, kind) => {
  expect(kindOf(path, text)).toBe(kind);
});

describe('the secrets scan', () => {
  // Put together here, so that this file holds none.
  const [ghp, akia, begin] = [`ghp_${'a1'.repeat(18)}`, `AKIA${'ABCD'.repeat(4)}`, '-----BEGIN RSA PRIVATE'];
  const [plain, forty] = ['correct-horse', 'wJalrXUtn/'.repeat(4)];

  it.each([
    [`token = "${ghp}"`, 'GitHub token'],
    [`key: ${akia}`, 'AWS access key'],
    [`${begin} KEY-----`, 'private key'],
    [`npm_${'x'.repeat(36)}`, 'npm token'],
    [['postgresql:', '//me:hunter22', '@db.example.com/x'].join(''), 'password in an address'],
    [`DATABASE_PASSWORD=${plain}`, 'setting with a secret'],
    [`export PGPASSWORD="${plain}"`, 'setting with a secret'],
    [`      POSTGRES_PASSWORD: ${plain} # of the database`, 'setting with a secret'],
    [`  - API_KEY=${plain}`, 'setting with a secret'],
    [`password: '${plain}'`, 'setting with a secret'],
    [`aws_secret_access_key = ${forty}`, 'AWS secret key'],
    [`const key = { secretKey: 1 }; AWS_SECRET_ACCESS_KEY=${forty} node x`, 'AWS secret key'],
    [`const client = new OpenAI('sk-proj-${'aB3_'.repeat(12)}');`, 'OpenAI or Anthropic key'],
    [['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJlMTIz'].join('.'), 'JSON web token'],
  ])('finds %s', (text, kind) => {
    expect(findSecrets(`first line\n${text}`)).toEqual([{ line: 2, kind }]);
  });

  it.each([
    'postgresql://me:secret@127.0.0.1:5432/triops',
    'postgresql://user:password@host:port/database',
    'TRIOPS_TOKEN_FILE: /secrets/token',
    'a'.repeat(64),
    'password: ${DATABASE_PASSWORD}',
    'TRIOPS_TOKEN=$(cat /secrets/token)',
    '  token: options.token,',
    "  const secret = readFileSync('/secrets/token');",
    'token: Credentials;',
    'a desk-lamp-of-twenty-characters and a sk-eleton',
    `an example: ${ghp} # not-a-secret`,
  ])('passes over %s', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe('the licence audit', () => {
  it.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0-only)', true],
    ['Apache-2.0 AND MIT', true],
    ['MIT AND GPL-3.0-only', false],
    ['AGPL-3.0', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    [undefined, false],
  ])('%s: allowed %s', (expression, allowed) => {
    expect(isAllowed(expression)).toBe(allowed);
  });

  it('names the packages, and leaves out our own', () => {
    const installed = {
      'packages/devops-demo': { license: 'none of our business' },
      'node_modules/devops-demo': { link: true },
      'node_modules/good': { license: 'ISC' },
      'node_modules/good/node_modules/@scope/bad': { license: 'AGPL-3.0' },
      'node_modules/silent': {},
    };
    expect(refusedLicences(installed)).toEqual([
      { name: '@scope/bad', licence: 'AGPL-3.0' },
      { name: 'silent', licence: 'none' },
    ]);
  });
});

describe('the report of a run', () => {
  it('a stage is from the cache when all of its tasks are', () => {
    const summary = (...states: string[]) => ({
      execution: { startTime: 1_000, endTime: 3_500 },
      tasks: states.map((status) => ({ cache: { status } })),
    });
    expect(ci.turboStage('build', summary('HIT', 'HIT'), 'passed')).toEqual({
      name: 'build',
      state: 'passed',
      seconds: 2.5,
      cached: true,
    });
    expect(ci.turboStage('build', summary('HIT', 'MISS'), 'passed').cached).toBe(false);
    expect(ci.turboStage('build', summary(), 'failed').cached).toBe(false);
    const never = { cache: { status: 'MISS' }, resolvedTaskDefinition: { cache: false } };
    const { execution, tasks } = summary('HIT');
    expect(ci.turboStage('build', { execution, tasks: [...tasks, never] }, 'passed').cached).toBe(true);
  });

  it('tests are counted by kind, with the time that this run spent', () => {
    mkdirSync(join(folder, 'packages/one/reports'), { recursive: true });
    const suite = (name: string, text: string, statuses: string[], change = {}) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      const assertionResults = statuses.map((status) => ({ status }));
      return { name: path, status: 'passed', assertionResults, startTime: 0, endTime: 500, ...change };
    };
    const testResults = [
      suite('a.test.ts', '', ['passed', 'passed', 'pending']),
      suite('b.test.ts', "import fc from 'fast-check';", ['passed', 'failed'], { status: 'failed' }),
      suite('c-golden.test.ts', '', [], { status: 'failed' }),
    ];
    writeFileSync(join(folder, 'packages/one/reports/tests.json'), JSON.stringify({ testResults }));
    const tests = (passed: number, failed: number, skipped: number) => ({ passed, failed, skipped });
    expect(ci.testStages(folder, ['packages/one', 'packages/gone'], new Set())).toEqual([
      { name: 'unit', state: 'passed', seconds: 0.5, cached: false, tests: tests(2, 0, 1) },
      { name: 'property', state: 'failed', seconds: 0.5, cached: false, tests: tests(1, 1, 0) },
      { name: 'integration', state: 'skipped', seconds: 0, cached: false, tests: tests(0, 0, 0) },
      { name: 'contract', state: 'failed', seconds: 0.5, cached: false, tests: tests(0, 1, 0) },
    ]);
    expect(ci.testStages(folder, ['packages/one'], new Set(['packages/one']))[0]).toMatchObject({
      cached: true,
      seconds: 0,
    });
  });

  it('has the stages that a tested commit must have passed', () => {
    const program = readFileSync(join(import.meta.dirname, '../../../../scripts/test.mjs'), 'utf8');
    const checks = [...program.matchAll(/\{ name: '(\w+)', tasks: /g)].map(([, name]) => name);
    expect([...checks, ...TEST_KINDS]).toEqual(STAGES);
  });

  it('what the script writes is what the pipeline reads', () => {
    const commit = 'c0ffee00c0ffee00';
    const stages = STAGES.map((name) => ({ name, state: 'passed' as const, seconds: 1, cached: false }));
    const startedAt = '2026-07-01T10:00:00.000Z';
    const report = { commit, dirty: false, startedAt, seconds: 2, passed: 3, failed: 0, stages };
    const path = ci.writeCiReport(folder, report);
    const read = ciReportSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    expect(testedBy({ kind: 'report', report: read }, commit).kind).toBe('passed');
    ci.writeCiReport(folder, { ...report, dirty: true, failed: 1 });
    expect(readdirSync(join(folder, 'ci')).sort()).toEqual([`${commit}+changes.json`, `${commit}.json`]);
  });

  describe('decides whether its commit may be released', () => {
    const commit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
    const candidate = { version: '0.2.0', commit, digest: 'd'.repeat(64) };
    const summary = { execution: { startTime: 0, endTime: 900 }, tasks: [{ cache: { status: 'MISS' } }] };

    /** What scripts/test.mjs does with the summaries of turborepo and the results of vitest. */
    function runOf(state: 'passed' | 'failed', name: string): string {
      const root = join(folder, name);
      mkdirSync(join(root, 'packages/one/reports'), { recursive: true });
      const suite = (name: string, text: string, last: 'passed' | 'failed') => {
        const path = join(root, name);
        writeFileSync(path, text);
        const assertionResults = [{ status: 'passed' }, { status: last }];
        return { name: path, status: last, assertionResults, startTime: 0, endTime: 500 };
      };
      const testResults = [
        suite('a.test.ts', '', state),
        suite('b.test.ts', "import fc from 'fast-check';", 'passed'),
        suite('c.test.ts', "import { createServer } from 'node:http';", 'passed'),
        suite('d-contract.test.ts', '', 'passed'),
      ];
      writeFileSync(
        join(root, 'packages/one/reports/tests.json'),
        JSON.stringify({ success: state === 'passed', testResults }),
      );
      const stages = [
        ...['build', 'lint', 'format', 'types', 'security'].map((name) =>
          ci.turboStage(name, summary, 'passed'),
        ),
        ...ci.testStages(root, ['packages/one'], new Set()),
      ];
      const failed = state === 'failed' ? 1 : 0;
      const startedAt = '2026-07-01T10:00:00.000Z';
      ci.writeCiReport(root, {
        commit,
        dirty: false,
        startedAt,
        seconds: 2,
        passed: 8 - failed,
        failed,
        stages,
      });
      return root;
    }
    const permit = async (stateDir: string) =>
      openReleaseRecords(stateDir, folder, undefined).permit(candidate, {});

    it('a run that passed permits it', async () => {
      const permission = await permit(runOf('passed', 'green'));
      expect(permission.kind).toBe('granted');
      expect(permission.because).toContain('commit c0ffee00c0ff passed 8 tests in 9 stages');
    });

    it('a run that failed refuses it, and says so in the audit log', async () => {
      const stateDir = runOf('failed', 'red');
      const because = 'commit c0ffee00c0ff failed: 1 failed in unit';
      expect(await permit(stateDir)).toMatchObject({ kind: 'refused', because });
      expect(await openAuditLog(stateDir).entries()).toMatchObject([{ action: 'release.refused', because }]);
    });

    it('no run at all refuses it', async () => {
      const permission = await permit(join(folder, 'nothing'));
      expect(permission.because).toBe('commit c0ffee00c0ff has no run of the tests: run npm test');
    });
  });
});
