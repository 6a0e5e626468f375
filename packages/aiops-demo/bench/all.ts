/**
 * All benchmarks of aiops-demo, one after another, as one report: ours, the baselines, the published figures, and the peers that
 * run here, on the same data in the same run.
 *
 *   npm run bench -w aiops-demo [-- --kits DIR]
 *
 * `--kits` names the folder that holds `loghub`, `nab` and `petshop`. A benchmark without its data says so and is skipped; the
 * forecasts and the storms need none.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { orBadUsage } from './options.js';

interface Benchmark {
  readonly name: string;
  readonly title: string;
  /** Folder of its data, if it needs any. */
  readonly kit?: string;
}

const BENCHMARKS: readonly Benchmark[] = [
  { name: 'logs', title: 'Log clustering, Loghub-2k', kit: 'loghub' },
  { name: 'nab', title: 'Anomaly detection, NAB', kit: 'nab' },
  { name: 'forecast', title: 'Forecasting, real series and seeded resources', kit: 'nab' },
  { name: 'rca', title: 'Root cause, PetShop', kit: 'petshop' },
  { name: 'storms', title: 'Correlation, generated storms' },
];

const { values } = orBadUsage(
  () => parseArgs({ options: { kits: { type: 'string' } } }),
  `This runs all: ${BENCHMARKS.map(({ name }) => name).join(', ')}. For one: npm run bench:${BENCHMARKS[0]?.name} -w aiops-demo\n`,
);
const kits = values.kits === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', values.kits);
if (kits !== undefined && !existsSync(kits)) {
  process.stderr.write(`bench: --kits: expected a folder with benchmark data, got ${kits}\n`);
  process.exit(2);
}

let failed = 0;
for (const { name, title, kit } of BENCHMARKS) {
  process.stdout.write(`\n=== ${title} (bench:${name})\n\n`);
  const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
  const data = kits === undefined || kit === undefined ? [] : ['--kit', join(kits, kit)];
  const { status } = spawnSync(process.execPath, [program, ...data], { stdio: 'inherit' });
  if (status !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
