import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../../scripts/bench.mjs', import.meta.url));

test.each([
  [[], 'bench: expected a benchmark of aiops-demo (logs, nab, rca, forecast, storms, all)'],
  [
    ['bogus'],
    'bench: expected a benchmark of aiops-demo (logs, nab, rca, forecast, storms, all), got "bogus"',
  ],
  [['mlops-demo'], 'bench: expected a benchmark of mlops-demo (tables)'],
])('a benchmark that is none ends with 2 and the list, before anything is built: %j', (args, said) => {
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  expect([status, stderr.trim()]).toEqual([2, said]);
});
