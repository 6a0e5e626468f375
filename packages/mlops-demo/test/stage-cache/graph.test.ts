import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from 'devops-demo/audit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Plan } from '../../src/plan.js';
import { listModels, loadModel, productionVersion } from '../../src/registry/store.js';
import { versionsIn } from '../../src/registry/state/store.js';
import { STAGES } from '../../src/stage-runner/stage.js';
import { chooseBackend } from '../../src/backend.js';
import { packagedFile } from '../../src/vega-datasets/store.js';
import { SDF_PLAN } from '../sdf.js';

const NO_LIMITS = {
  ...SDF_PLAN.limits,
  leastAuc: 0,
  leastSkill: -9,
  mostEce: 1,
  leastAucGain: -1,
  mostAuc: 1,
  leastSliceSkill: -9,
  leastHourSkill: -9,
};
const SHORTER = { ...SDF_PLAN, epochs: 1, limits: NO_LIMITS };
const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const PROGRAM = fileURLToPath(new URL('run-sdf.mjs', import.meta.url));
// Whole runs in processes of their own: a busy machine may take a minute for one.
vi.setConfig({ testTimeout: 180_000 });

let modelsDir: string;
let version: string | undefined;
let cheap: string | undefined;

beforeAll(async () => {
  await chooseBackend('wasm');
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-graph-'));
});
afterAll(async () => rm(modelsDir, { recursive: true }));

interface Ran {
  /** Null when it was killed. */
  code: number | null;
  lines: string[];
  /** The stages that ran, and those that were known. */
  ran: string[];
  cached: string[];
}

/** A real run in a process of its own, which may kill itself (run-sdf.mjs). */
async function run(folder: string, plan: Plan = SDF_PLAN, killed = '', force = ''): Promise<Ran> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(plan), folder, force, killed], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TRIOPS_TFJS_BACKEND: 'wasm', TRIOPS_STATE_DIR: '' },
  });
  const exit = once(child, 'exit') as Promise<[number | null]>;
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line);
  const [code] = await exit;
  const stages = lines.flatMap((line) => {
    const [, name = '', because = ''] = /^[✓✗] (\w+) +[\d.]+ s {2}(.*)/.exec(line) ?? [];
    return name === '' ? [] : [{ name, known: because.startsWith('cached: ') }];
  });
  const namesOf = (known: boolean): string[] =>
    stages.filter((stage) => stage.known === known).map(({ name }) => name);
  return { code, lines, ran: namesOf(false), cached: namesOf(true) };
}

const before = (stage: (typeof STAGES)[number]): string[] => STAGES.slice(0, STAGES.indexOf(stage));
const from = (stage: (typeof STAGES)[number]): string[] => STAGES.slice(STAGES.indexOf(stage));

describe('a run that is killed', () => {
  test.each([
    ['after ingest', '✓ ingest', 'ingest', 0],
    ['while it writes features', 'rows', 'validate', 0],
    ['after features', '✓ features', 'features', 0],
    ['after gate', '✓ gate', 'train', 0],
    ['after register', '✓ register', 'register', 1],
  ] as const)(
    '%s leaves no half model, and the next run goes on from there',
    async (_when, killedAt, continuesAt, models) => {
      const killed = await run(modelsDir, SDF_PLAN, killedAt);
      expect(killed.code).toBeNull();
      expect(killed.cached).toEqual(before(continuesAt));
      const versions = await versionsIn(modelsDir);
      expect(versions).toHaveLength(models);
      for (const made of versions)
        expect(await loadModel(modelsDir, made)).toMatchObject({ state: 'loaded' });
    },
  );

  test('leaves no rows behind once the next one has written them', async () => {
    const names = await readdir(join(modelsDir, 'stages', 'features'));
    expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('at last the whole run is there', async () => {
    const last = await run(modelsDir);
    expect(last).toMatchObject({ code: 0, ran: ['deploy'], cached: before('deploy') });
    version = await productionVersion(modelsDir);
    expect(await openAuditLog(modelsDir).verify()).toMatchObject({ kind: 'intact' });
  });
});

describe('a run again', () => {
  test('with nothing changed runs nothing, and loads neither tfjs nor DuckDB', async () => {
    const again = await run(modelsDir);
    expect(again).toMatchObject({ code: 0, ran: ['deploy'], cached: before('deploy') });
    expect(again.lines.join('\n')).toContain(`production stays ${version}`);
    expect(again.lines.filter((line) => line.startsWith('loaded'))).toEqual([]);
  });

  test('with other limits of the gate judges again, and trains nothing', async () => {
    const stricter = { ...SDF_PLAN, limits: { ...SDF_PLAN.limits, leastAuc: 0.86 } };
    expect(await run(modelsDir, stricter)).toMatchObject({ cached: before('gate'), ran: from('gate') });
  });

  test('with fewer epochs trains again on the same features, and what comes out is not as good as production', async () => {
    const shorter = await run(modelsDir, SHORTER);
    expect(shorter).toMatchObject({
      code: 1,
      cached: before('train'),
      ran: ['train', 'evaluate', 'compare', 'gate'],
    });
    expect(shorter.lines.join('\n')).toMatch(
      new RegExp(`^✗ gate .* not better than the champion: worse than ${version}: log loss higher by 0`, 'm'),
    );
    expect(await productionVersion(modelsDir)).toBe(version);
  });

  test('by force goes into production, the audit log says by whom and why, and there it stays', async () => {
    const forced = await run(modelsDir, SHORTER, '', 'a cheap one for a test');
    expect(forced).toMatchObject({ code: 0, ran: ['register', 'deploy'] });
    cheap = await productionVersion(modelsDir);
    expect(cheap).not.toBe(version);
    expect((await openAuditLog(modelsDir).entries()).at(-1)).toMatchObject({
      actor: 'person:ada',
      action: 'model.promoted',
      subject: `delay-risk ${cheap}`,
      because: expect.stringMatching(/^a cheap one for a test \(against the gate: not better/) as string,
    });
    expect((await openAuditLog(modelsDir).entries()).at(-2)).toMatchObject({
      action: 'model.registered',
      because: expect.stringMatching(/^by force, against the gate: not better/) as string,
    });
    const again = await run(modelsDir, SHORTER);
    expect(again).toMatchObject({ code: 0, ran: ['deploy'], cached: before('deploy') });
    expect(again.lines.join('\n')).toContain(`production stays ${cheap}`);
  });

  test('of the plan before beats it, but a person took that model out: it is registered and stays where it is', async () => {
    const back = await run(modelsDir);
    expect(back).toMatchObject({ code: 1, cached: before('compare'), ran: from('compare') });
    expect(back.lines.join('\n')).toMatch(
      new RegExp(
        `^✗ deploy .* ${version} stays out of production: person:ada took it out: ${cheap} took`,
        'm',
      ),
    );
    expect(await productionVersion(modelsDir)).toBe(cheap);
  });

  test('of the plan before comes back with a reason, and from then on is known again', async () => {
    const back = await run(modelsDir, SDF_PLAN, '', 'enough of the cheap one');
    expect(back).toMatchObject({ code: 0, ran: ['deploy'] });
    expect(await productionVersion(modelsDir)).toBe(version);
    const again = await run(modelsDir);
    expect(again).toMatchObject({ code: 0, ran: ['deploy'], cached: before('deploy') });
    expect(again.lines.filter((line) => line.startsWith('loaded'))).toEqual([]);
  });

  test('with another seed keeps what does not depend on it: the clean flights and their version', async () => {
    const other = await run(modelsDir, { ...SHORTER, seed: 2 });
    expect(other.cached).toEqual(before('split'));
    expect(other.ran).toEqual(STAGES.slice(STAGES.indexOf('split'), STAGES.indexOf('register')));
  });
});

test('two runs at once, not disturbed, share the work: each stage runs once, both end with the model of the run that was killed', async () => {
  const shared = await mkdtemp(join(tmpdir(), 'mlops-shared-'));
  const both = await Promise.all([run(shared), run(shared)]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const ran = both.flatMap((one) => one.ran).filter((name) => name !== 'deploy');
  expect(ran.toSorted()).toEqual(before('deploy').toSorted());
  expect(await listModels(shared)).toHaveLength(1);
  expect(await loadModel(shared)).toMatchObject({ state: 'loaded', manifest: { version } });
  expect(await openAuditLog(shared).verify()).toMatchObject({ kind: 'intact', entries: 2 });
  await rm(shared, { recursive: true });
});

describe('mlops reproduce', () => {
  const reproduce = (made = '', backend?: string): { status: number | null; stdout: string } =>
    spawnSync(process.execPath, [CLI, 'reproduce', made, '--out', modelsDir], {
      encoding: 'utf8',
      env: { ...process.env, TRIOPS_TFJS_BACKEND: backend },
    });

  test('in a fresh process makes the same weights, bit for bit, and every stage the same result', () => {
    const { status, stdout } = reproduce(version);
    expect(stdout).toMatch(/^✓ train /m);
    expect(stdout).not.toContain('cached');
    expect(stdout).toMatch(/^equal: the weights are the same, bit for bit: sha256 [0-9a-f]{12}\n$/m);
    expect(status).toBe(0);
  });

  test('on another backend makes others, and says that it is the backend', () => {
    const { status, stdout } = reproduce(cheap, 'cpu');
    expect(stdout).toMatch(
      /^different: .*the first stage with another result is train; different: backend$/m,
    );
    expect(stdout).toContain('  backend: wasm recorded, cpu now\n');
    expect(status).toBe(1);
  }, 120_000);

  test('says what it cannot reproduce', () => {
    const none = spawnSync(process.execPath, [CLI, 'reproduce', 'm-9', '--out', modelsDir], {
      encoding: 'utf8',
    });
    expect(none).toMatchObject({
      status: 1,
      stderr: "mlops: the registry has no version 'm-9'; npx mlops list shows them\n",
    });
  });
});

test('mlops lineage leads from the model to the digest of the file it was read from', async () => {
  const { stdout } = spawnSync(process.execPath, [CLI, 'lineage', version ?? '', '--out', modelsDir], {
    encoding: 'utf8',
  });
  const file = createHash('sha256')
    .update(await readFile(packagedFile('flights-3m.parquet')))
    .digest('hex');
  expect(stdout).toContain(`model     ${version}\n`);
  expect(stdout).toContain('data      flights-9d0af19e2b16: 21,432 flights\n');
  expect(stdout).toContain(`sha256 ${file.slice(0, 12)};`);
  const [line = '', key = ''] = /^train +made \w+ from key (\w+) with code \w+$/m.exec(stdout) ?? [];
  expect(line).not.toBe('');
  expect((await readdir(join(modelsDir, 'stages', 'train'))).some((name) => name.startsWith(key))).toBe(true);
});
