import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, open } from '../../src/delivery/artifact/store.js';
import type { Manifest } from '../../src/delivery/build.js';
import { STAGES } from '../../src/delivery/ci-report.js';
import type { CiReport } from '../../src/delivery/ci-report.js';
import { forkBoard } from '../board-process.js';
import { PACKAGE_DIR, client, freshDatabase } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-artifact-'));
const artifacts = join(folder, 'artifacts');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let manifest: Manifest;
beforeAll(() => {
  manifest = bundle(PACKAGE_DIR, artifacts);
});

const at = (...path: string[]) => join(artifacts, manifest.digest, ...path);

/** Harms the artifact, opens it, and mends it again. */
function because(harm: () => void): string {
  cpSync(at(), join(folder, 'whole'), { recursive: true });
  harm();
  const opened = open(artifacts, manifest.digest);
  rmSync(at(), { recursive: true, force: true });
  cpSync(join(folder, 'whole'), at(), { recursive: true });
  rmSync(join(folder, 'whole'), { recursive: true });
  return opened.kind === 'refused' ? opened.because : 'opened';
}

describe('an artifact', () => {
  it('names version, commit, files, lock file, bill of materials and test report', () => {
    expect(manifest).toMatchObject({ name: 'devops-demo', lock: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(manifest.commit).toMatch(/^[0-9a-f]{40}/);
    const paths = manifest.files.map(({ path }) => path);
    expect(paths).toContain('dist/service/main.js');
    expect(paths).toContain('migrations/0001_board.sql');
    expect(paths).toContain('node_modules/service-chassis/dist/index.js');
    const bill = JSON.parse(readFileSync(at('sbom.json'), 'utf8')) as { components: { name: string }[] };
    expect(bill.components.map(({ name }) => name)).toContain('express');
    expect(manifest.testReport, 'nobody has tested it').toEqual({ skipped: expect.any(String) });
  });

  it('has the same digest whenever and wherever it is made', () => {
    const copy = join(folder, 'copy');
    for (const part of ['package.json', 'migrations', 'dist']) {
      cpSync(join(PACKAGE_DIR, part), join(copy, part), { recursive: true });
    }
    utimesSync(join(copy, 'dist/service/main.js'), 0, 0);
    const elsewhere = join(folder, 'elsewhere');
    expect(bundle(copy, elsewhere).digest).toBe(manifest.digest);
    expect(readdirSync(elsewhere).sort()).toEqual([manifest.digest, 'node_modules'].sort());
  });

  describe('of a package that was tested later', () => {
    const [state, commit] = [join(folder, 'later'), 'c0ffee00'.repeat(5)];
    const later = join(state, 'artifacts');
    const ofCommit = (name: string) => {
      const path = join(folder, 'copy', 'dist/manifest.json');
      const built = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
      writeFileSync(path, JSON.stringify({ ...built, commit: name }));
      return bundle(join(folder, 'copy'), later);
    };
    const report = (change: Partial<CiReport> = {}) => {
      const stages = STAGES.map((name) => ({ name, state: 'passed' as const, seconds: 1, cached: false }));
      const startedAt = '2026-07-01T10:00:00.000Z';
      const run = { commit, dirty: false, startedAt, seconds: 9, passed: 3, failed: 0, stages, ...change };
      mkdirSync(join(state, 'ci'), { recursive: true });
      writeFileSync(join(state, 'ci', `${commit}.json`), JSON.stringify(run));
    };

    it('has no report before, and none of a run that failed or of results that lie about', () => {
      mkdirSync(join(folder, 'copy/reports'));
      writeFileSync(join(folder, 'copy/reports/tests.json'), '{"success":false}');
      expect(ofCommit(commit).testReport).toEqual({
        skipped: expect.stringContaining('has no run of the tests'),
      });
      report({ failed: 1 });
      expect(ofCommit(commit).testReport).toEqual({ skipped: expect.stringContaining('1 failed') });
    });

    it('has it when it is bundled again, and opens', () => {
      report();
      const tested = ofCommit(commit);
      expect(tested.testReport).toEqual({
        path: 'test-report.json',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(open(later, tested.digest)).toEqual({ kind: 'artifact', manifest: tested });
      writeFileSync(join(later, tested.digest, 'test-report.json'), '{}');
      expect(open(later, tested.digest)).toMatchObject({
        because: expect.stringContaining('test-report.json is not what was recorded'),
      });
      report();
    });

    it('names the commit of its last build, whose report is another', () => {
      const changed = ofCommit(`${commit}+changes`);
      expect([changed.digest, changed.commit]).toEqual([manifest.digest, `${commit}+changes`]);
      expect(changed.testReport).toEqual({ skipped: expect.stringContaining('uncommitted changes') });
      const clean = ofCommit(commit);
      expect(open(later, clean.digest)).toMatchObject({
        manifest: { commit, testReport: { path: 'test-report.json' } },
      });
    });
  });

  it('opens when it is whole', () => {
    expect(open(artifacts, manifest.digest)).toMatchObject({ kind: 'artifact' });
  });

  it.each<[string, () => void, RegExp]>([
    ['missing', () => rmSync(at(), { recursive: true }), /^artifact [0-9a-f]{12} is missing$/],
    [
      'tampered',
      () => writeFileSync(at('dist/service/main.js'), 'process.exit(0);'),
      /dist\/service\/main.js is not what was built$/,
    ],
    ['truncated', () => truncateSync(at('dist/service/board.js'), 100), /board.js is not what was built$/],
    ['without a file', () => rmSync(at('dist/service/board.js')), /dist\/service\/board.js is missing$/],
    ['with a file too many', () => writeFileSync(at('dist/x.js'), ''), /dist\/x.js was not built$/],
    ['with half a manifest', () => truncateSync(at('manifest.json'), 100), /manifest.json is no JSON$/],
    [
      'with an exchanged chassis',
      () => writeFileSync(at('node_modules/service-chassis/dist/index.js'), ''),
      /service-chassis\/dist\/index.js is not what was built$/,
    ],
    ['with another bill', () => writeFileSync(at('sbom.json'), '{}'), /sbom.json is not what was recorded$/],
    ['without its bill', () => rmSync(at('sbom.json')), /sbom.json is missing$/],
    [
      'of other libraries',
      () => {
        writeFileSync(at('manifest.json'), JSON.stringify({ ...manifest, lock: 'a'.repeat(64) }));
      },
      /it was built for other libraries than package-lock.json names$/,
    ],
  ])('%s is refused with its reason', (_what, harm, reason) => {
    expect(because(harm)).toMatch(reason);
  });

  it('under the name of another is refused', () => {
    const name = 'b'.repeat(64);
    cpSync(at(), join(artifacts, name), { recursive: true });
    expect(open(artifacts, name)).toEqual({
      kind: 'refused',
      because: `artifact bbbbbbbbbbbb is refused: its folder holds ${manifest.digest.slice(0, 12)}`,
    });
  });

  it('that is broken is replaced by bundling again', () => {
    rmSync(at('dist/service/board.js'));
    expect(bundle(PACKAGE_DIR, artifacts).digest).toBe(manifest.digest);
    expect(existsSync(at('dist/service/board.js'))).toBe(true);
  });

  it('of a package that was edited after its build is not made', () => {
    const edited = join(folder, 'edited');
    cpSync(join(folder, 'copy'), edited, { recursive: true });
    writeFileSync(join(edited, 'dist/index.js'), '');
    expect(() => bundle(edited, artifacts)).toThrow('dist/index.js is not what was built');
  });

  it('runs, and says which it is', async () => {
    const env = { DATABASE_URL: await freshDatabase(), NODE_ENV: 'production' };
    const { child, listening, ended } = forkBoard(env, at());
    const board = client(await listening);
    expect((await board.get('/version')).body).toMatchObject({ commit: manifest.commit });
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });

  it('that was edited does not start', async () => {
    writeFileSync(at('dist/service/routes.js'), '');
    const { ended, output } = forkBoard({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none' }, at());
    expect(await ended).toEqual([1, null]);
    expect(output.join()).toContain('the bundle was refused: dist/service/routes.js is not what was built');
  });
});
